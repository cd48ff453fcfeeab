//go:build !race

// The race detector makes these laws much slower. TestLaws and TestTenantLaws run the same code with it.

package qdrant_test

import (
	"testing"

	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
)

// A tenant whose collection others share notices nothing, also if it does not see all
// groups.
func TestLawsInACrowd(t *testing.T) {
	for name, restricted := range map[string]bool{"all groups": false, "one group": true} {
		t.Run(name, func(t *testing.T) {
			open := places(standin.Start(t, standin.Options{Version: perTenant}).Address(), storetest.Harness{Steps: 300})
			storetest.Run(t, func(t *testing.T) storetest.Harness { return storetest.Crowded(open(t), restricted) })
		})
	}
}
