"""The page of what is proven counts what is there."""

import re

from generate.proof import examples, files, rows

from tests.support.checkout import CHECKOUT


def test_the_page_is_up_to_date() -> None:
    assert all(path.read_text(encoding="utf-8") == text for path, text in files().items())


def test_each_command_names_tests_that_exist() -> None:
    for _, _, command in rows():
        for path in re.findall(r"tests/[\w/.]+", command):
            assert (CHECKOUT / path).exists(), path


def test_some_hundred_examples_are_tried_here_and_more_than_ten_thousand_at_night() -> None:
    few, many = examples()

    assert few >= 500
    assert many >= 10_000
