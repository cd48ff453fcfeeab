package doctor

import (
	"context"

	"dalil/store"
)

// schema reports the schema version of the store's files.
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
		x.ok(check, "the data folder has schema version %d; the next write migrates it to version %d, which older programs cannot open", held, newest)
		return
	}
	x.ok(check, "the data folder has schema version %d, the newest", held)
}
