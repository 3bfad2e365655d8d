"""The strict Slack's installations: OAuth's page, codes, rotation."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import StrictSlack

BACK = "http://127.0.0.1:3000/slack/oauth_redirect"


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as house:
        house.workspace("T1")
        yield house


def click(slack: StrictSlack, **query: str) -> dict[str, list[str]]:
    """What the browser is sent back with."""
    browser = http.client.HTTPConnection(urlsplit(slack.url).netloc)
    asked = {"client_id": slack.client_id, "scope": "chat:write,commands", "state": "s", "redirect_uri": BACK, **query}
    browser.request("GET", f"/oauth/v2/authorize?{urlencode(asked)}")
    location = browser.getresponse().headers["Location"]
    browser.close()
    assert location.startswith(BACK)
    return parse_qs(urlsplit(location).query)


def exchanged(slack: StrictSlack, **args: str) -> dict[str, object]:
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    given = {"client_id": slack.client_id, "client_secret": slack.client_secret, **args}
    data = client.oauth_v2_access(**given).data
    assert isinstance(data, dict)
    return data


def refusal(slack: StrictSlack, **args: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        exchanged(slack, **args)
    return str(refused.value.response["error"])


def test_a_click_on_allow_becomes_a_token_once(slack: StrictSlack) -> None:
    back = click(slack)
    assert back["state"] == ["s"]
    code = back["code"][0]
    assert refusal(slack, code=code, redirect_uri="http://else.where") == "bad_redirect_uri"
    assert refusal(slack, code=code, redirect_uri=BACK, client_secret="guess") == "bad_client_secret"  # noqa: S106 - wrong on purpose
    granted = exchanged(slack, code=code, redirect_uri=BACK)
    assert (granted["scope"], granted["team"]) == ("chat:write,commands", {"id": "T1", "name": "T1"})
    assert refusal(slack, code=code, redirect_uri=BACK) == "code_already_used"
    assert refusal(slack, code="guess", redirect_uri=BACK) == "invalid_code"
    assert WebClient(str(granted["access_token"]), base_url=slack.api_url).auth_test()["team_id"] == "T1"


def test_a_code_grows_old(slack: StrictSlack) -> None:
    code = click(slack)["code"][0]
    slack.later(601)
    assert refusal(slack, code=code, redirect_uri=BACK) == "invalid_code"


def test_a_click_on_cancel_sends_the_browser_back_with_an_error(slack: StrictSlack) -> None:
    slack.cancel_install()
    assert click(slack) == {"error": ["access_denied"], "state": ["s"]}


def test_to_ask_without_state_is_a_violation(slack: StrictSlack) -> None:
    click(slack, state="")
    assert slack.violations == ["/oauth/v2/authorize: no state"]


def test_an_organisation_is_installed_to_as_a_whole(slack: StrictSlack) -> None:
    slack.workspace("T5", enterprise="E1")
    slack.allow_as(workspace="", enterprise="E1")
    granted = exchanged(slack, code=click(slack)["code"][0], redirect_uri=BACK)
    assert (granted["team"], granted["is_enterprise_install"]) == (None, True)
    assert granted["enterprise"] == {"id": "E1", "name": "E1"}


def test_a_rotated_token_ends_and_its_refresh_token_is_good_once(slack: StrictSlack) -> None:
    slack.rotate_tokens()
    granted = exchanged(slack, code=click(slack)["code"][0], redirect_uri=BACK)
    client = WebClient(str(granted["access_token"]), base_url=slack.api_url)
    assert granted["expires_in"] == 43_200
    assert client.auth_test()["ok"]
    slack.later(43_200)
    with pytest.raises(SlackApiError, match="token_expired"):
        client.auth_test()
    refresh = {"grant_type": "refresh_token", "refresh_token": str(granted["refresh_token"])}
    renewed = exchanged(slack, **refresh)
    assert WebClient(str(renewed["access_token"]), base_url=slack.api_url).auth_test()["ok"]
    assert refusal(slack, **refresh) == "invalid_refresh_token"
    assert renewed["refresh_token"] != granted["refresh_token"]


def test_a_revoked_token_is_no_more(slack: StrictSlack) -> None:
    client = WebClient(slack.install(), base_url=slack.api_url)
    assert client.auth_revoke()["revoked"]
    with pytest.raises(SlackApiError, match="token_revoked"):
        client.auth_test()
