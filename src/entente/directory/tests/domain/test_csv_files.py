"""What a file may look like: encodings, separators, damage; seen through the small readers."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.directory.adapters import csv_stream
from entente.directory.adapters.chunks import RegistryFileError
from entente.directory.adapters.contacts import read_contacts
from entente.directory.adapters.hospitals import read_hospitals
from entente.directory.adapters.nucc import read_nucc
from entente.directory.adapters.pharmacies import read_pharmacies

GOOD = "1234567893"
OTHER = "1558598797"


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def emails(path, **options):
    return [row["email"] for c in read_contacts(path, **options) for row in c.rows.to_pylist()]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_line_ends_marks_and_separators_do_not_matter(write, end, mark, separator):
    text = end.join([separator.join(row) for row in (["NPI", " E-Mail"], [GOOD, "a@b.test"])])
    assert emails(write(mark + text.encode())) == ["a@b.test"]


def test_gzip_is_known_by_its_content_not_its_name(write):
    path = write(gzip.compress(f"npi,email\n{GOOD},a@b.test\n".encode()), "file.csv")
    assert emails(path) == ["a@b.test"]


def test_utf8_and_windows_1252_may_stand_in_one_file(write):
    rows = b"Facility ID,Facility Name\n70001,Caf\xe9 Clinic\n70002,Caf\xc3\xa9 House\n"
    (chunk,) = read_hospitals(write(rows))
    assert chunk.rows.column("name").to_pylist() == ["Café Clinic", "Café House"]
    assert chunk.rows.column("name_key").to_pylist() == ["cafe clinic", "cafe house"]


def test_line_numbers_count_records_across_blank_broken_and_multiline_ones(write):
    rows = [
        "Pharmacy-Name,Credential,Location",
        'ONE,P.1,"a\nb\nc"',
        "",
        "TWO,P.2",
        "THREE,P.3,x,y",
        'FOUR,,"a\nb"',
        "FIVE,P.5,x",
    ]
    chunks = list(read_pharmacies(write("\n".join(rows)), chunk_rows=1))
    taken = [row["line"] for c in chunks for row in c.rows.to_pylist()]
    refused = sorted((r.line, r.field) for c in chunks for r in c.refused)
    assert taken == [2, 7]
    assert refused == [(4, "row"), (5, "row"), (6, "Credential")]
    assert sum(c.n_read for c in chunks) == 5


def test_a_broken_last_record_is_reported(write):
    chunks = list(read_contacts(write(f"npi,email\n{GOOD},a@b.test\n{OTHER}\n")))
    assert [(r.line, r.field) for c in chunks for r in c.refused] == [(3, "row")]
    assert sum(c.n_read for c in chunks) == 2


@pytest.mark.parametrize(
    "body",
    [
        f'{OTHER},"b@b.test\n{GOOD},c@b.test\n',
        f'"{OTHER},b@b.test\n{GOOD},c@b.test\n',
    ],
)
def test_a_quotation_mark_never_closed_fails_the_file_and_names_the_record(write, body):
    path = write(f"npi,email\n{GOOD},a@b.test\n{body}")
    with pytest.raises(RegistryFileError, match="record 3: a quotation mark"):
        list(read_contacts(path))


def test_an_inch_sign_inside_a_field_is_no_open_quotation_mark(write):
    (chunk,) = read_hospitals(write('Facility ID,Facility Name\n70001,The 5" House\n'))
    assert chunk.rows.num_rows == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "IMPORT-008"),
        (b"\n\nnpi,email\n", "IMPORT-008"),
        (b"PK\x03\x04rest", "IMPORT-007"),
        ("npi,email\n".encode("utf-16"), "IMPORT-007"),
        (b"npi\n1234567893\n", "IMPORT-001"),
        (b"npi,NPI,email\n", "IMPORT-002"),
        (b",".join([b"c"] * 100_000), "IMPORT-003"),
        (gzip.compress(b"npi,email\n" * 1000, mtime=0)[:-20], "IMPORT-004"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(write, content, code):
    with pytest.raises(RegistryFileError, match=code) as caught:
        list(read_contacts(write(content)))
    assert "file.csv" in str(caught.value)


def test_a_record_without_end_is_refused_before_it_fills_the_memory(write):
    path = write(gzip.compress(b"npi,email\n" + b"a" * 40_000_000))
    with pytest.raises(RegistryFileError, match="IMPORT-005"):
        list(read_contacts(path))


def test_a_file_broken_throughout_is_given_up(write):
    with pytest.raises(RegistryFileError, match="IMPORT-009"):
        list(read_contacts(write("npi,email\n" + "x\n" * 60_000)))


def test_errors_of_a_file_carry_no_value_of_it(write):
    path = write(f'npi,email\n{GOOD},"secret@b.test\n')
    with pytest.raises(RegistryFileError) as caught:
        list(read_contacts(path))
    assert "secret" not in str(caught.value) and caught.value.__cause__ is None


def test_a_nul_character_refuses_its_row_only(write):
    path = write(b"npi,email\n" + f"{GOOD},a\0@b.test\n{OTHER},b@b.test\n".encode())
    with pytest.raises(RegistryFileError, match="IMPORT-007"):
        list(read_contacts(path))
    padding = "".join(f"{GOOD},a@b.test\n" for _ in range(300))
    path = write(f"npi,email\n{padding}{GOOD},a\0@b.test\n{OTHER},b@b.test\n")
    (chunk,) = read_contacts(path)
    assert [(r.line, r.field) for r in chunk.refused] == [(302, "email")]
    assert chunk.rows.num_rows == 301 and chunk.n_read == 302


@pytest.mark.parametrize("chunk_rows", [1, 3, 1000])
def test_the_size_of_chunks_changes_nothing(write, chunk_rows):
    path = write("npi,email\n" + "".join(f"{GOOD},a{i}@b.test\n" for i in range(10)))
    assert emails(path, chunk_rows=chunk_rows) == [f"a{i}@b.test" for i in range(10)]
    assert all(c.n_read <= chunk_rows for c in read_contacts(path, chunk_rows=chunk_rows))


def test_a_taxonomy_code_twice_or_of_another_shape_is_refused(write):
    rows = "Code,Grouping,Classification\n207R00000X,a,b\n207r00000x,a,b\nXX,a,b\n"
    (chunk,) = read_nucc(write(rows), chunk_rows=10)
    assert [(r.line, r.value) for r in chunk.refused] == [(4, "XX"), (3, "207r00000x")]
    assert chunk.absent == {"specialization", "display_name", "section"}


@given(st.lists(st.sampled_from(["good", "broken", "blank", "multiline"]), max_size=60))
@settings(max_examples=40, deadline=None)
def test_records_keep_their_numbers_over_any_block_boundary(tmp_path_factory, kinds):
    rows = {
        "good": "A,P.1,x",
        "broken": "A,P.1",
        "blank": "",
        "multiline": 'A,P.1,"x\n\ny"',
    }
    path = tmp_path_factory.mktemp("blocks") / "file.csv"
    lines = ["Pharmacy-Name,Credential,Location", *(rows[kind] for kind in kinds)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_stream, "_BLOCK_BYTES", 64)
        chunks = list(read_pharmacies(path))
    taken = [row["line"] for c in chunks for row in c.rows.to_pylist()]
    refused = [r.line for c in chunks for r in c.refused]
    numbered = list(enumerate(kinds, start=2))
    assert taken == [line for line, kind in numbered if kind in ("good", "multiline")]
    assert refused == [line for line, kind in numbered if kind == "broken"]
    assert sum(c.n_read for c in chunks) == len(taken) + len(refused)
