"""A sandbox: AWS, an organization in it, and all that a command needs to use both."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import botocore.session

from sandbox import DEFAULT_REGION
from sandbox.aws import AwsServer
from sandbox.clients import CONFIG, client
from sandbox.engine.found import PulumiCli
from sandbox.engine.search import find_pulumi
from sandbox.organization import found_organization
from sandbox.plugin import PLUGIN_VERSION
from sandbox.plugin.forks import CLIENT, fork_server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from sandbox.aws import Around, Middleware
    from sandbox.engine.found import NoPulumi
    from sandbox.organization import Organization

PROFILES = ("management", "security", "workload")

_FOREIGN = ("AWS_", "PULUMI_", "SANDBOX_", "BOTO_", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
"""What commands do not get of the caller's environment: other credentials, backends, tokens.

Without bytecode each of their processes would compile Pulumi's SDK and botocore again.
"""

_PLUGIN = """\
#!/bin/sh
exec {command} "$@"
"""

_PULUMI = """\
#!/bin/sh
# The program asks for its stack's state in every deployment; to show it changes no file.
[ "$1 $2" = "stack export" ] && exec {pulumi} "$@"
exec {python} -P -m sandbox.engine.stack_files {pulumi} "$@"
"""


class UnknownRegionError(ValueError):
    """The region is none of the standard partition, where the sandbox's accounts are."""


class Sandbox:
    """AWS on a laptop, for as long as the context lasts.

    There is one at a time in a process (see ``AwsServer``).

    Attributes:
        organization: the organization and its accounts.
        directory: a private folder with everything that the sandbox writes; gone at the end.
        pulumi: the Pulumi CLI that was found, or why there is none.
        environment: the whole environment for commands in the sandbox.
    """

    organization: Organization
    directory: Path
    pulumi: PulumiCli | NoPulumi
    environment: dict[str, str]

    def __init__(
        self,
        *,
        region: str = DEFAULT_REGION,
        middleware: Sequence[Middleware] = (),
        around: Around | None = None,
        pulumi: PulumiCli | NoPulumi | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a sandbox.

        Args:
            region: the region of its profiles.
            middleware: what stands in front of AWS, see ``AwsServer``.
            around: what is asked about each call, see ``AwsServer``.
            pulumi: the Pulumi CLI, if it was looked for already.
            environ: the environment to start from; that of the process when not given.
        """
        self._region = region
        self._environ = dict(os.environ if environ is None else environ)
        self._server = AwsServer(middleware, around)
        self._pulumi = pulumi
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start AWS and write what commands need.

        Raises:
            PulumiRequiredError: see ``find_pulumi``.
            UnknownRegionError: the region is not one of AWS.
        """
        with ExitStack() as stack:
            self.pulumi = self._pulumi or find_pulumi(self._environ)
            self.directory = Path(tempfile.mkdtemp(prefix="cloudtrail-guard-sandbox-"))
            stack.callback(shutil.rmtree, self.directory, ignore_errors=True)
            server = stack.enter_context(self._server)
            _check_region(self._region)
            self.organization = found_organization(server.endpoint, server.root, self._region)
            self._write_profiles()
            self._write_pulumi_home()
            self._write_pulumi()
            self.environment = self._environment()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop AWS and remove the folder."""
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """The endpoint of every AWS service."""
        return self._server.endpoint

    def session(self, profile: str = "management") -> boto3.Session:
        """A boto3 session that acts under one of the profiles.

        Raises:
            ValueError: there is no such profile.
        """
        if profile not in PROFILES:
            raise ValueError(f"profile {profile!r} must be one of {', '.join(PROFILES)}")
        core = botocore.session.Session(profile=profile)
        core.set_config_variable("config_file", str(self._aws_config))
        core.set_config_variable("credentials_file", str(self._aws_credentials))
        core.set_default_client_config(CONFIG)
        return boto3.Session(botocore_session=core, region_name=self._region)

    @property
    def _aws_config(self) -> Path:
        return self.directory / "aws" / "config"

    @property
    def _aws_credentials(self) -> Path:
        return self.directory / "aws" / "credentials"

    @property
    def _pulumi_home(self) -> Path:
        return self.directory / "pulumi-home"

    @property
    def _backend(self) -> Path:
        return self.directory / "pulumi-state"

    @property
    def _executables(self) -> Path:
        return self.directory / "bin"

    def _write_profiles(self) -> None:
        """Write the profiles; the default one is ``management``.

        Each has the credentials of a session of its role, which last as long as the sandbox. With
        ``role_arn`` instead, the AWS CLI would keep the credentials that it gets in ``~/.aws``, and
        take them for those of the next sandbox.
        """
        operator = self.organization.operator
        sts = client("sts", self.endpoint, self._region, operator)
        config, credentials = "", ""
        for name, role_arn in self.organization.roles.items():
            session = sts.assume_role(RoleArn=role_arn, RoleSessionName="sandbox")["Credentials"]
            names = (name, "default") if name == PROFILES[0] else (name,)
            for each in names:
                section = each if each == "default" else f"profile {each}"
                config += f"[{section}]\nregion = {self._region}\nendpoint_url = {self.endpoint}\n"
                credentials += (
                    f"[{each}]\n"
                    f"aws_access_key_id = {session['AccessKeyId']}\n"
                    f"aws_secret_access_key = {session['SecretAccessKey']}\n"
                    f"aws_session_token = {session['SessionToken']}\n"
                )
        self._aws_config.parent.mkdir()
        self._aws_config.write_text(config)
        self._aws_credentials.write_text(credentials)

    @property
    def _constraints(self) -> str:
        return str(self.directory / "constraints.txt")

    def _write_pulumi_home(self) -> None:
        """Write a Pulumi home in which the `aws` plugin is the sandbox's.

        The engine wants the plugin under the version of the program's SDK, which for a program in
        another language is not this environment's. So it is configured to take any newer one
        (`PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH`), and this one is newer than all: the plugin itself
        rejects programs of another major version, in words of its own.
        Environments that are made in the sandbox, such as a component plugin's, get this version of
        the SDK; `pulumi install` looks for their plugin under that version and no other.
        """
        sdk = version("pulumi-aws")
        Path(self._constraints).write_text(f"pulumi-aws=={sdk}\n")
        for each in (sdk, PLUGIN_VERSION):
            folder = self._pulumi_home / "plugins" / f"resource-aws-v{each}"
            folder.mkdir(parents=True)
            plugin = folder / "pulumi-resource-aws"
            _write_script(plugin, _PLUGIN.format(command=shlex.join(self._plugin_command())))
        self._backend.mkdir()

    def _plugin_command(self) -> list[str]:
        """What an engine starts as the plugin; where there is none, nothing waits for it."""
        if isinstance(self.pulumi, PulumiCli):
            return [sys.executable, "-I", "-S", str(CLIENT), str(fork_server())]
        return [sys.executable, "-P", "-m", "sandbox.plugin"]

    def _write_pulumi(self) -> None:
        """Write the ``pulumi`` of commands in the sandbox, which runs the one that was found."""
        self._executables.mkdir()
        if isinstance(self.pulumi, PulumiCli):
            python, pulumi = shlex.quote(sys.executable), shlex.quote(str(self.pulumi.path))
            script = _PULUMI.format(python=python, pulumi=pulumi)
            _write_script(self._executables / "pulumi", script)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in self._environ.items() if not name.startswith(_FOREIGN)
        }
        loopback = "127.0.0.1,localhost"
        no_proxy = ",".join(filter(None, (kept.get("NO_PROXY") or kept.get("no_proxy"), loopback)))
        organization = self.organization
        return kept | {
            "PATH": os.pathsep.join(self._path(kept.get("PATH", os.defpath))),
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
            "AWS_CONFIG_FILE": str(self._aws_config),
            "AWS_SHARED_CREDENTIALS_FILE": str(self._aws_credentials),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            "PIP_CONSTRAINT": " ".join(
                filter(None, (kept.get("PIP_CONSTRAINT"), self._constraints))
            ),
            "PULUMI_HOME": str(self._pulumi_home),
            "PULUMI_BACKEND_URL": self._backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",  # see sandbox.engine.stack_files
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # To write the state after each step, too, takes longer than the steps.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH": "true",  # see _write_pulumi_home
            "SANDBOX_ORGANIZATION_ID": organization.id,
            "SANDBOX_ROOT_ID": organization.root_id,
            "SANDBOX_MANAGEMENT_ACCOUNT_ID": organization.management_account_id,
            "SANDBOX_SECURITY_ACCOUNT_ID": organization.security_account_id,
            "SANDBOX_WORKLOAD_ACCOUNT_ID": organization.workload_account_id,
            "SANDBOX_WORKLOADS_OU_ID": organization.workloads_ou_id,
        }

    def _path(self, path: str) -> list[str]:
        """PATH with the sandbox's ``pulumi``, the CLI's folder and the interpreter's in front."""
        front = [str(Path(sys.executable).parent)]
        if isinstance(self.pulumi, PulumiCli):
            front = [str(self._executables), str(self.pulumi.path.parent), *front]
        return [*front, *(part for part in path.split(os.pathsep) if part not in front)]


def _write_script(file: Path, content: str) -> None:
    file.write_text(content)
    file.chmod(0o755)


def _check_region(region: str) -> None:
    known = boto3.Session(region_name=DEFAULT_REGION).get_available_regions("cloudtrail")
    if region not in known:
        raise UnknownRegionError(f"region {region!r} must be one of {', '.join(known)}")
