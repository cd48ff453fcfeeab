package doctor

import (
	"context"
	"fmt"

	"dalil/store"
)

// incompleteMost is how many incomplete documents are named.
const incompleteMost = 10

// whole checks for documents with missing passages, if the store can list them.
func whole(ctx context.Context, x *examination) {
	const check = "passages"
	if x.index == nil {
		return
	}
	counted, able := x.index.Store.(store.Counted)
	if !able {
		return
	}
	ids, err := counted.Incomplete(ctx, incompleteMost)
	switch {
	case err != nil:
		x.fail(check, storeAdvice(err), err)
	case len(ids) > 0:
		x.fail(check, "\"dalil index PATH\" writes these documents again from their files", fmt.Errorf("at least %d documents have missing passages, such as %q", len(ids), ids[0]))
	default:
		x.ok(check, "every document has all of its passages")
	}
}
