"""Client tokens: what comes twice is done once."""

from sandbox.tests.support import Clients

TOKEN = "a-token-of-at-least-thirty-two-characters"


def query(name: str, statement: str = "SELECT 1") -> dict[str, str]:
    return {"Name": name, "Database": "default", "QueryString": statement}


def test_a_request_with_the_same_token_is_carried_out_once(clients: Clients, name: str) -> None:
    athena = clients("athena")

    first = athena.create_named_query(**query(name), ClientRequestToken=TOKEN + name)
    again = athena.create_named_query(**query(name), ClientRequestToken=TOKEN + name)

    assert first["NamedQueryId"] == again["NamedQueryId"]
    assert athena.list_named_queries()["NamedQueryIds"].count(first["NamedQueryId"]) == 1


def test_another_token_is_another_request(clients: Clients, name: str) -> None:
    athena = clients("athena")

    first = athena.create_named_query(**query(name), ClientRequestToken=TOKEN + name)
    other = athena.create_named_query(**query(name))

    assert first["NamedQueryId"] != other["NamedQueryId"]
