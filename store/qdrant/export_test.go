package qdrant

import (
	"context"
	"strings"
)

// DropAll removes an alias and every collection whose name begins with it.
func DropAll(ctx context.Context, options Options) error {
	options = options.filled()
	client, err := dial(options.Server)
	if err != nil {
		return err
	}
	defer client.Close()
	names, err := client.ListCollections(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, options.Alias+"-") {
			if err := client.DeleteCollection(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}
