"""The page of the policy pack and Prowler is up to date."""

from generate.prowler import files


def test_the_page_is_up_to_date() -> None:
    assert all(path.read_text(encoding="utf-8") == text for path, text in files().items())
