package doctor

import (
	"context"
	"slices"

	"dalil/store"
)

// recallSample is how many passages are used as questions.
const recallSample = 100

// recall compares the approximate search with the exact one. It uses vectors of
// passages as questions.
func recall(ctx context.Context, x *examination) {
	const check = "recall"
	if x.index == nil {
		return
	}
	if _, approximate := x.index.Store.(store.Approximator); !approximate {
		x.ok(check, "the store searches exactly")
		return
	}
	points, err := sample(ctx, x.index.Store, recallSample, store.WithDense)
	if err != nil {
		x.fail(check, "", err)
		return
	}
	found, wanted := 0, 0
	for _, p := range points {
		near, err := x.index.Store.Search(ctx, []store.ArmQuery{{Dense: p.Dense, Limit: 10}, {Dense: p.Dense, Limit: 10, Exact: true}})
		if err != nil {
			x.fail(check, "see the log of the store's server", err)
			return
		}
		for _, h := range near[1] {
			wanted++
			if slices.ContainsFunc(near[0], func(o store.Hit) bool { return o.ID == h.ID }) {
				found++
			}
		}
	}
	if wanted == 0 {
		return
	}
	share := float64(found) / float64(wanted)
	if share < 0.98 {
		x.warn(check, "raise store.effort, or rebuild with a larger store.m", "the approximate search finds %.1f %% of the ten nearest passages for %d questions", 100*share, len(points))
		return
	}
	x.ok(check, "the approximate search finds %.1f %% of the ten nearest passages for %d questions", 100*share, len(points))
}
