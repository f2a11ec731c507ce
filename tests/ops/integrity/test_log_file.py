"""The hash of a log file, however it comes over the network."""

import asyncio
import gzip
import hashlib
import itertools
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integrity.log_file import gzip_hash


def hashed(*pieces: bytes) -> str | None:
    waiting = iter(pieces)

    async def read() -> bytes:
        return next(waiting, b"")

    return asyncio.run(gzip_hash(read))


@given(content=st.binary(max_size=3000), cuts=st.lists(st.integers(0, 3000), max_size=5))
def test_a_file_has_the_hash_of_what_is_compressed_in_it(content: bytes, cuts: list[int]) -> None:
    body = gzip.compress(content, mtime=0)
    edges = [0, *sorted(cuts), len(body)]
    pieces = [body[a:b] for a, b in itertools.pairwise(edges)]

    assert hashed(*filter(None, pieces)) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("size", [10_000, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])
def test_large_files_are_hashed_in_pieces(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    body = gzip.compress(content[:size])
    pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)]

    assert hashed(*pieces) == hashlib.sha256(content[:size]).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        gzip.compress(b"content")[:-1],
        gzip.compress(b"content") + b"more",
        gzip.compress(b"content") + gzip.compress(b"more"),
        gzip.compress(b"content")[:-8] + bytes(8),
        zlib.compress(b"content"),
    ],
    ids=["empty", "no gzip", "cut off", "something follows", "two", "a wrong checksum", "zlib"],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_no_whole_gzip_file_has_no_hash(body: bytes, size: int) -> None:
    assert hashed(*(body[at : at + size] for at in range(0, len(body), size))) is None


def test_a_small_file_that_holds_much_does_not_fill_the_memory() -> None:
    content = bytes(200_000_000)
    body = gzip.compress(content)
    expected = hashlib.sha256(content).hexdigest()
    del content
    assert len(body) < 200_000
    tracemalloc.start()

    found = hashed(body)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == expected
    assert most < 10_000_000
