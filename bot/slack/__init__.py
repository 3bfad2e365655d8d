"""Slack as a platform: Block Kit posts, `/papers …`, App Home, modals and shortcuts, in any number of workspaces."""
