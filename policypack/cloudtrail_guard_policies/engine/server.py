"""The pack as the process that the engine talks to.

The engine starts ``python -m pulumi.policy ADDRESS PACK``, reads a port from standard output and
calls the analyzer service there (proto/pulumi/analyzer.proto in pulumi/pulumi). The Python SDK's
`PolicyPack` serves the same protocol, but it decodes a resource's properties again for every policy
(for a stack: every resource for every policy), ends a policy at its first unknown value, reports a
policy at one level only, and cannot reject a configuration. So the protocol is served here: one
decoding of each resource, and only of those of a type that a rule reads.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import threading
from concurrent import futures
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2
from typing_extensions import override

from cloudtrail_guard_policies.engine import messages
from cloudtrail_guard_policies.engine.evaluation import Evaluator, read_configuration
from cloudtrail_guard_policies.engine.settings import ConfigurationError
from cloudtrail_guard_policies.engine.values import with_properties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudtrail_guard_policies.engine.rule import Rule
    from cloudtrail_guard_policies.engine.values import Value

# A whole stack arrives in one message; the same bound as the SDK's.
_MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024
_WORKERS: Final = 4
_SHUTDOWN_SECONDS: Final = 1.0
_OTHER_TYPE: Final = "it evaluates other resource types"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy pack.

    Attributes:
        name: Name in the engine's output.
        version: Version; the engine prefers the one in PulumiPolicy.yaml, which must be the same.
        description: One sentence.
        rules: The rules.
    """

    name: str
    version: str
    description: str
    rules: Sequence[Rule]


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The analyzer service over a pack's rules."""

    def __init__(self, pack: Pack, stopping: threading.Event) -> None:
        """Start with every rule at its own level.

        Args:
            pack: The pack.
            stopping: Is set when the engine wants the process to end.
        """
        self._pack = pack
        self._stopping = stopping
        self._configure(analyzer_pb2.ConfigureAnalyzerRequest())

    @override
    def GetAnalyzerInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerInfo:
        return analyzer_pb2.AnalyzerInfo(
            name=self._pack.name,
            version=self._pack.version,
            description=self._pack.description,
            supportsConfig=True,
            policies=[messages.policy_info(rule) for rule in self._pack.rules],
        )

    @override
    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._pack.version)

    @override
    def Handshake(
        self, request: analyzer_pb2.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerHandshakeResponse:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    @override
    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        # Rules evaluate resources alone: a stack's configuration and tags decide nothing.
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    @override
    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        try:
            self._configure(request)
        except ConfigurationError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    @override
    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        without_findings = self._not_applicable(request.type)
        evaluator = self._evaluator
        if not evaluator.rules_for(request.type) and request.type not in evaluator.stack_types:
            return without_findings
        resource = messages.resource(request)
        self._inputs[resource.urn] = resource.properties
        if not resource.properties:
            # Only read: `pulumi policy analyze` sends no inputs for it, where a resource that is
            # made has the provider's mark of defaults at least. The answer comes with the stack. A
            # preview or update tells a pack nothing of it (step_executor.go, deployment.reads).
            return without_findings
        diagnostics = evaluator.evaluate_resource(resource)
        response = analyzer_pb2.AnalyzeResponse(
            diagnostics=[
                messages.diagnostic_message(each, self._pack.name, self._pack.version)
                for each in diagnostics
            ]
        )
        response.MergeFrom(without_findings)
        return response

    @override
    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        evaluator = self._evaluator
        resources = [
            messages.stack_resource(each, self._inputs)
            for each in request.resources
            # In a preview, what is read by an id that is not known yet has no answer.
            if each.type in evaluator.types and (each.urn in self._inputs or each.properties.fields)
        ]
        diagnostics = [
            *(
                found
                for each in resources
                if each.read
                for found in evaluator.evaluate_resource(each)
            ),
            *evaluator.evaluate_stack(resources),
            *evaluator.unused_exemptions(
                (each.type, each.name, each.urn) for each in request.resources
            ),
        ]
        present = {resource.type for resource in resources}
        absent = (rule for rule in evaluator.stack_rules if rule.types.isdisjoint(present))
        return analyzer_pb2.AnalyzeResponse(
            diagnostics=[
                messages.diagnostic_message(each, self._pack.name, self._pack.version)
                for each in diagnostics
            ],
            not_applicable=messages.not_applicable(absent, "the stack has none of its types"),
        )

    @override
    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        response = analyzer_pb2.RemediateResponse()
        rules = self._evaluator.remediating_rules(request.type)
        if not rules:
            return response
        resource = messages.resource(request)
        if not resource.properties:
            return response
        properties = request.properties
        for rule in rules:
            correction = self._evaluator.correction(rule, resource)
            if resource.type not in rule.corrections:
                response.not_applicable.extend(
                    messages.not_applicable([rule], "there is no single right answer to set")
                )
            elif correction:
                # The engine applies remediations in turn: each holds what the ones before it set.
                properties = with_properties(properties, correction)
                response.remediations.add(
                    policyName=rule.id,
                    policyPackName=self._pack.name,
                    policyPackVersion=self._pack.version,
                    description=rule.title,
                    properties=properties,
                )
        return response

    @override
    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._stopping.set()
        return empty_pb2.Empty()

    def _configure(self, request: analyzer_pb2.ConfigureAnalyzerRequest) -> None:
        settings = read_configuration(self._pack.rules, messages.configuration(request))
        self._evaluator = Evaluator(self._pack.rules, settings, dt.datetime.now(dt.UTC).date())
        # What the program asked for, by URN: a stack rule evaluates that. The outputs hold in
        # addition what the provider computes, which in a preview is unknown.
        self._inputs: dict[str, Mapping[str, Value]] = {}
        # One answer for each resource type: most resources of a program concern no rule.
        self._not_applicable = lru_cache(maxsize=None)(self._list_not_applicable)

    def _list_not_applicable(self, resource_type: str) -> analyzer_pb2.AnalyzeResponse:
        others = (
            rule for rule in self._evaluator.resource_rules if resource_type not in rule.types
        )
        return analyzer_pb2.AnalyzeResponse(
            not_applicable=messages.not_applicable(others, _OTHER_TYPE)
        )


def serve(pack: Pack) -> None:
    """Serve a pack until the engine ends the process.

    Prints the port as the first line of standard output, which the engine waits for: nothing may
    be printed before.

    Args:
        pack: The pack.
    """
    stopping = threading.Event()
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=_WORKERS),
        options=[("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES)],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(pack, stopping), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # Ctrl-C reaches the whole process group; the engine says what was interrupted.
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        stopping.wait()
    server.stop(_SHUTDOWN_SECONDS).wait()
