package doctor

import (
	"context"

	"dalil/store"
)

// schema says which schema version the store's files have.
func schema(_ context.Context, x *examination) {
	const check = "schema"
	if x.index == nil {
		return
	}
	keeper, able := x.index.Store.(store.SchemaKeeper)
	if !able {
		return
	}
	held, newest := keeper.Schema()
	if held < newest {
		x.ok(check, "the data folder has schema version %d; the next write brings it to %d, and older programs cannot open it then", held, newest)
		return
	}
	x.ok(check, "the data folder has schema version %d, the newest", held)
}
