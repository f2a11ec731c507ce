import yaml
from generate.project_file import PROJECT_FILE, project, text

from stacks.settings.load import declared_fields
from stacks.settings.roles import MODELS


def test_the_project_file_is_up_to_date() -> None:
    assert PROJECT_FILE.read_text() == text(), "run `make generate`"


def test_every_key_is_declared_with_type_description_and_default() -> None:
    declared = yaml.safe_load(text())["config"]

    assert list(declared) == list(declared_fields())
    for key, value in declared.items():
        assert {"type", "description", "default"} <= set(value), key
        assert len(value["description"]) > 20, key


def test_a_description_starts_with_the_roles_that_have_the_setting() -> None:
    declared = yaml.safe_load(text())["config"]

    for key, value in declared.items():
        having = [
            role
            for role, model in MODELS.items()
            if key in {field.alias for field in model.model_fields.values()}
        ]
        applies = value["description"].startswith(f"{', '.join(having)}: ")
        assert applies is (len(having) < len(MODELS)), key


def test_nothing_in_the_project_points_at_the_sandbox() -> None:
    assert set(project()) == {"name", "description", "runtime", "config"}
    for file in PROJECT_FILE.parent.glob("Pulumi.*.yaml"):
        config = yaml.safe_load(file.read_text())["config"]
        assert set(config) <= {
            *("aws:profile", "aws:region"),
            *("cloudtrail-guard:bucketName", "cloudtrail-guard:memberTrailNames"),
            *("cloudtrail-guard:lifecycle", "cloudtrail-guard:replica"),
            *("cloudtrail-guard:readers", "cloudtrail-guard:logFeed"),
            "cloudtrail-guard:sourceAccountId",
        }, file.name
