package task

import (
	"context"
	"log/slog"

	"dalil/embedder"
	"dalil/internal/app"
	"dalil/internal/authn"
	"dalil/internal/config"
	"dalil/internal/doctor"
	"dalil/internal/model"
)

// Doctor checks everything that a service with this configuration needs.
func Doctor(ctx context.Context, c config.Config, log *slog.Logger) ([]doctor.Finding, error) {
	d, err := app.Driver(c, log)
	if err != nil {
		return nil, err
	}
	return doctor.Examine(ctx, doctor.Deps{
		Ports:     []doctor.Port{{Key: "listen", Address: c.Listen}, {Key: "http", Address: c.HTTP}, {Key: "admin", Address: c.Admin}},
		TLS:       doctor.TLS{Certificate: c.TLS.Certificate, Key: c.TLS.Key, ClientCA: c.TLS.ClientCA},
		Access:    authn.Examined(c.Access),
		StoreName: c.Store.Name, Driver: d,
		Embedder: func() (embedder.Embedder, error) { return model.OpenProvider(c) },
		Open:     func(ctx context.Context) (*doctor.Index, error) { return app.OpenExamined(ctx, c, log) },
	}), nil
}
