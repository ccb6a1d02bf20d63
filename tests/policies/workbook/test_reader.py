"""Reading a folder of CSV files: what comes out, and what is refused with a sentence that helps."""

import pytest

from policies.workbook import reader
from policies.workbook.problems import WorkbookError
from policies.workbook.reader import read_folder


def refused(folder):
    with pytest.raises(WorkbookError) as caught:
        read_folder(folder)
    return [str(problem) for problem in caught.value.problems]


def put(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))


def test_rows_carry_the_numbers_that_a_spreadsheet_shows(tmp_path):
    put(
        tmp_path,
        "roles.csv",
        'initiative,organisation,role,note\nDHSC-0001,dhsc,lead,"two\nlines"\n\nDHSC-0002,dft,lead,\n',
    )
    table = read_folder(tmp_path)["roles"]
    assert table.columns == ["initiative", "organisation", "role", "note"]
    assert [number for number, _ in table.rows] == [2, 4]
    assert table.rows[0][1]["note"] == "two\nlines"


def test_titles_in_the_header_and_a_byte_order_mark_are_understood(tmp_path):
    put(tmp_path, "capital_links.csv", "Initiative,Capital,Weight,Source title\nA-0001,human,primary,\n", "utf-8-sig")
    assert read_folder(tmp_path)["capital_links"].columns == ["initiative", "capital", "weight", "source_title"]


def test_an_empty_folder(tmp_path):
    (text,) = refused(tmp_path)
    assert "There are no sheets here." in text
    assert "Accepted: policies, commitments, partnerships, roles" in text


def test_all_faults_of_all_files_come_at_once(tmp_path):
    put(tmp_path, "polices.csv", "reference\n")
    put(tmp_path, "policies.csv", "reference,title,title,colour\nA-0001,x,y,z\n")
    put(tmp_path, "measures.csv", "initiative,words\nA-0001,life,expectancy,in years\n")
    texts = refused(tmp_path)
    assert [text.split(":")[0] for text in texts] == [
        "measures, row 2",
        "polices",
        "policies, row 1, column title",
        "policies, row 1, column colour",
        "policies, row 1, column form",
    ]
    assert "There is no sheet called “polices”." in texts[1]
    assert "The column “title” is there twice." in texts[2]
    assert "There is no column “colour” on this sheet." in texts[3]
    assert "The column “form” is missing." in texts[4]
    assert "The row has more cells than there are columns." in texts[0]


def test_other_encodings_are_refused_with_the_line(tmp_path):
    put(
        tmp_path,
        "roles.csv",
        "initiative,organisation,role,note\nA-0001,dhsc,lead,\nA-0002,dhsc,lead,café\n",
        "latin-1",
    )
    (text,) = refused(tmp_path)
    assert "The file is not UTF-8: see line 3." in text
    assert "Save it as “CSV UTF-8”." in text


def test_a_quotation_mark_that_never_closes(tmp_path):
    put(tmp_path, "roles.csv", 'initiative,organisation,role,note\nA-0001,dhsc,lead,"' + "x" * 140_000)
    (text,) = refused(tmp_path)
    assert "The file cannot be read as CSV." in text


def test_limits(tmp_path, monkeypatch):
    put(tmp_path, "roles.csv", "initiative,organisation,role\n" + "A-0001,dhsc,lead\n" * 5)
    monkeypatch.setattr(reader, "MAX_ROWS", 3)
    assert "There are more than 3 rows." in refused(tmp_path)[0]
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    assert "The file is larger than 20 MB." in refused(tmp_path)[0]
