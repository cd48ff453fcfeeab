package gateway

import (
	"context"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
)

// timeoutHeader is the deadline of a call, as gRPC writes it.
const timeoutHeader = "Grpc-Timeout"

var timeoutForm = regexp.MustCompile(`^([0-9]{1,8})([HMSmun])$`)

var timeoutUnits = map[string]time.Duration{
	"H": time.Hour, "M": time.Minute, "S": time.Second, "m": time.Millisecond, "u": time.Microsecond, "n": time.Nanosecond,
}

var (
	errTimeout = invalid("header.grpc-timeout", "must be at most eight digits and a unit of H, M, S, m, u or n, such as 500m")
	errLate    = &refusal{code: codes.DeadlineExceeded, reason: "DEADLINE", message: "the call's deadline passed"}
)

// inTime serves a request within the deadline of its header. Zero is a deadline that has passed.
func inTime(a *answer, r *http.Request, serve func(*answer, *http.Request)) {
	written := r.Header.Get(timeoutHeader)
	if written == "" {
		serve(a, r)
		return
	}
	parts := timeoutForm.FindStringSubmatch(written)
	if parts == nil {
		a.refuse(errTimeout)
		return
	}
	n, _ := strconv.ParseInt(parts[1], 10, 64) // eight digits
	unit := timeoutUnits[parts[2]]
	if n == 0 {
		a.refuse(errLate)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(min(n, math.MaxInt64/int64(unit)))*unit)
	defer cancel()
	r.Header.Del(timeoutHeader)
	serve(a, r.WithContext(ctx))
}
