"""A create whose answer holds a secret is answered once: asked again, nothing more is made."""

import httpx

from tests.support.installation import Api, problem

GUEST = {"name": "guest", "scope": "viewer"}


def make(api: Api, key: str, body: dict[str, str] = GUEST) -> httpx.Response:
    return api.post("/api/tokens", body, **{"Idempotency-Key": key})


def names(api: Api) -> list[str]:
    return [token["name"] for token in api.get("/api/tokens").json()]


def links(api: Api) -> int:
    with api.installation.database.read() as session:
        asked = session.connection().exec_driver_sql("SELECT count(*) FROM sign_ins")
        return int(asked.scalar_one())


def test_a_repeated_token_is_refused_with_the_id_of_the_first_which_goes_on(api: Api) -> None:
    made = make(api, "k").raise_for_status().json()
    again = make(api, "k")
    assert problem(again) == (409, "token_made_before", None)
    assert again.json()["params"] == {"id": made["id"]}
    assert made["token"] not in again.text
    assert names(api).count("guest") == 1
    assert api.http.get("/api/me", headers={"Authorization": f"Bearer {made['token']}"}).is_success
    api.post(f"/api/tokens/{made['id']}:revoke", {}).raise_for_status()
    assert make(api, "another").status_code == 201


def test_a_key_is_for_one_token(api: Api) -> None:
    make(api, "k").raise_for_status()
    other = make(api, "k", {"name": "other", "scope": "viewer"})
    assert problem(other) == (422, "idempotency_key_reused", None)
    assert "other" not in names(api)


def test_a_token_that_was_refused_can_be_asked_for_again(api: Api) -> None:
    owner = make(api, "k", {"name": "reaper", "scope": "viewer"})
    assert problem(owner) == (422, "name_of_another", "name")
    assert make(api, "k").status_code == 201


def test_no_secret_is_kept_for_a_repeated_request(api: Api) -> None:
    secret = make(api, "k").json()["token"]
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT answer FROM idempotency_keys")
        assert secret not in str(rows.fetchall())


def test_a_repeated_link_is_refused_and_one_was_made(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    assert api.post("/api/sign-in-links", {}, **key).status_code == 201
    assert problem(api.post("/api/sign-in-links", {}, **key)) == (409, "link_made_before", None)
    assert links(api) == 1


def test_without_a_key_each_request_makes_one(api: Api) -> None:
    for _ in range(2):
        api.post("/api/tokens", GUEST).raise_for_status()
    assert names(api).count("guest") == 2
