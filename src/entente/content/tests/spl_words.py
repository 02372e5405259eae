"""An invented label of an invented medicine, as an SPL file."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3">
  <id root="D0C00000-0000-4000-8000-00000000000{number}"/>
  <code code="34391-3" codeSystem="2.16.840.1.113883.6.1"/>
  <title>Lipidex (velostatin) tablets<br/>Invented for tests</title>
  <effectiveTime value="{day}"/>
  <setId root="5E7D0000-0000-4000-8000-000000000001"/>
  <versionNumber value="{number}"/>
  <author><assignedEntity><representedOrganization>
    <name>Halden Pharma</name></representedOrganization></assignedEntity></author>
  <component><structuredBody>
    <component><section><code code="48780-1" codeSystem="2.16.840.1.113883.6.1"/>
      <subject><manufacturedProduct><manufacturedProduct>
        <code code="9999-0001" codeSystem="2.16.840.1.113883.6.69"/><name>Lipidex</name>
        <ingredient classCode="ACTIB"><ingredientSubstance><name>VELOSTATIN</name>
        </ingredientSubstance></ingredient></manufacturedProduct>
        <subjectOf><approval><id extension="NDA999999"/></approval></subjectOf>
      </manufacturedProduct></subject></section></component>
"""
TAIL = "</structuredBody></component></document>"


def section(code: str, title: str, body: str, *parts: str, anchor: str = "") -> str:
    """Give a section with its parts inside it."""
    inner = "".join(f"<component>{part}</component>" for part in parts)
    words = f"<text>{body}</text>" if body else ""
    return (
        f'<section ID="{anchor or code}"><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>'
        f"<title>{title}</title>{words}{inner}</section>"
    )


BOXED = section(
    "34066-1",
    "WARNING: LIVER FAILURE",
    "<paragraph>Lipidex can cause liver failure, some cases fatal.</paragraph>"
    "<paragraph>Test liver enzymes before Lipidex and every month during treatment.</paragraph>",
)
LDL = "<paragraph>Lipidex is indicated to lower LDL cholesterol in adults with primary hyperlipidemia, together with diet.</paragraph>"
STROKE = "<paragraph>Lipidex is indicated to reduce the risk of stroke in adults with diabetes.</paragraph>"


def indications(first: str = LDL, second: str = STROKE) -> str:
    """Give the indications with two subsections and a limitation."""
    return section(
        "34067-9",
        "1 INDICATIONS AND USAGE",
        "",
        section("42229-5", "1.1 Hyperlipidemia", first, anchor="s11"),
        section("42229-5", "1.2 Stroke", second, anchor="s12") if second else "",
        section(
            "42229-5",
            "1.3 Limitations of Use",
            "<paragraph>Lipidex has not been studied in nephrotic syndrome.</paragraph>",
        ),
    ).replace("<component></component>", "")


REST = (
    section(
        "34068-7",
        "2 DOSAGE AND ADMINISTRATION",
        "<list><item>Start with 10 mg once daily.</item><item>The highest dose is 40 mg once daily.</item></list>",
    ),
    section("34070-3", "4 CONTRAINDICATIONS", "", section("42229-5", "4.1 Active liver disease", "")),
    section(
        "43685-7",
        "5 WARNINGS AND PRECAUTIONS",
        "<table><tbody><tr><td>Muscle</td><td>Rhabdomyolysis was reported.</td></tr></tbody></table>",
    ),
    section("34084-4", "6 ADVERSE REACTIONS", "<paragraph>Headache and nausea were most common.</paragraph>"),
    section(
        "43684-0",
        "8 USE IN SPECIFIC POPULATIONS",
        "",
        section(
            "42228-7", "8.1 Pregnancy", "<paragraph>Lipidex should not be used in pregnant women.</paragraph>"
        ),
        section(
            "34081-0",
            "8.4 Pediatric Use",
            "<paragraph>Safety and effectiveness in pediatric patients have not been established.</paragraph>",
        ),
    ),
    section(
        "34092-7",
        "14 CLINICAL STUDIES",
        "<paragraph>In a study of 400 adults Lipidex lowered LDL cholesterol by half in twelve weeks.</paragraph>",
    ),
)  # fmt: skip


def spl(number: int = 1, day: str = "20260101", sections: tuple[str, ...] | None = None) -> bytes:
    """Give a whole file."""
    told = sections if sections is not None else (BOXED, indications(), *REST)
    body = "".join(f"<component>{each}</component>" for each in told)
    return (HEAD.format(number=number, day=day) + body + TAIL).encode()
