package standin

import (
	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The limits of strict mode, with the texts of a real server.

func (c *collection) checkUpsert(points int) error {
	if !c.strict.GetEnabled() {
		return nil
	}
	if most := c.strict.UpsertMaxBatchsize; most != nil && points > int(*most) {
		return strict("Limit exceeded %d > %d for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below %d.", points, *most, *most)
	}
	if most := c.strict.MaxPointsCount; most != nil && len(c.points) >= int(*most) {
		return strict("Max points count limit of %d reached!", *most)
	}
	return nil
}

func (c *collection) checkFilter(f *sdk.Filter) error {
	if most := c.strict.GetFilterMaxConditions(); c.strict.GetEnabled() && most > 0 && conditions(f) > int(most) {
		return strict("Filter condition limit reached (%d > %d). Help: Reduce the amount of conditions of your filter.", conditions(f), most)
	}
	return nil
}

func conditions(f *sdk.Filter) (n int) {
	for _, list := range [][]*sdk.Condition{f.GetMust(), f.GetMustNot(), f.GetShould()} {
		for _, c := range list {
			if inner := c.GetFilter(); inner != nil {
				n += conditions(inner)
				continue
			}
			n++
		}
	}
	return n
}

func (c *collection) checkLimit(limit uint64) error {
	if !c.strict.GetEnabled() {
		return nil
	}
	if most := c.strict.MaxQueryLimit; most != nil && limit > uint64(*most) {
		return strict("Limit exceeded %d > %d for \"limit\". Help: Reduce the \"limit\" parameter to or below %d.", limit, *most, *most)
	}
	return nil
}

// strict refuses as a real server does, which says INVALID_ARGUMENT without more.
func strict(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}
