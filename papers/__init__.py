"""The core: papers understood, matched and planned. Knows no chat SDK and no queue."""
