"""Errors of calls, with what the server says about them."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2, status_pb2


@dataclass(frozen=True)
class Violation:
    """What is wrong with one field of a request."""

    field: str  # the field's path, such as "page_size"
    description: str


class DalilError(Exception):
    """A call failed.

    `code` is the status of gRPC. `reason` is the name of an ErrorReason without its prefix, such as
    "INVALID" or "NOT_FOUND"; it is empty if the error is not the server's, for example that of a
    connection. `retry_after` is in seconds; None means that trying again does not help, or that
    nothing is known. `outcome_unknown` means that a write may have taken effect. `incident` is the
    number under which the server's log has the cause of an internal error.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        violations: tuple[Violation, ...] = (),
        retry_after: float | None = None,
        outcome_unknown: bool = False,
        incident: str = "",
    ) -> None:
        super().__init__(f"{reason}: {message}" if reason else message)
        self.code = code
        self.message = message
        self.reason = reason
        self.violations = violations
        self.retry_after = retry_after
        self.outcome_unknown = outcome_unknown
        self.incident = incident

    @classmethod
    def of(cls, error: grpc.RpcError) -> DalilError:
        """Returns the error of a call that was made with a generated stub."""
        return cls._made(error.code(), error.details() or "", _details(error))

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> DalilError:
        """Returns the error of one question of a batch."""
        return cls._made(_CODES[status.code], status.message, list(status.details))

    @classmethod
    def _made(cls, code: grpc.StatusCode, message: str, details: list) -> DalilError:  # type: ignore[type-arg]
        reason, incident, outcome_unknown = "", "", False
        violations: tuple[Violation, ...] = ()
        retry_after: float | None = None
        for detail in details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                info = error_details_pb2.ErrorInfo()
                detail.Unpack(info)
                if info.domain == "dalil":
                    reason = info.reason
                    incident = info.metadata.get("incident", "")
                    outcome_unknown = info.metadata.get("outcome") == "unknown"
            elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
                bad = error_details_pb2.BadRequest()
                detail.Unpack(bad)
                violations = tuple(Violation(v.field, v.description) for v in bad.field_violations)
            elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
                retry = error_details_pb2.RetryInfo()
                detail.Unpack(retry)
                retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        return cls(
            code,
            message,
            reason=reason,
            violations=violations,
            retry_after=retry_after,
            outcome_unknown=outcome_unknown,
            incident=incident,
        )


_CODES = {code.value[0]: code for code in grpc.StatusCode}


def _details(error: grpc.RpcError) -> list:  # type: ignore[type-arg]
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            return list(status_pb2.Status.FromString(value).details)
    return []
