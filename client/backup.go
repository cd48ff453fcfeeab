package client

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	dalilv1 "dalil/proto/dalil/v1"
)

// Backup writes an archive of the server's whole index to w. If it returns an
// error, the archive in w is not complete.
func Backup(ctx context.Context, connection grpc.ClientConnInterface, w io.Writer) error {
	stream, err := dalilv1.NewAdminServiceClient(connection).CreateBackup(ctx, &dalilv1.CreateBackupRequest{}, WaitForReady())
	if err != nil {
		return err
	}
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(part.GetData()); err != nil {
			return fmt.Errorf("write the backup: %w", err)
		}
	}
}
