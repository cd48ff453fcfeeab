package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"dalil/internal/config"
)

// Globals are the flags of every command.
type Globals struct {
	ConfigFile string   `name:"config" short:"c" env:"DALIL_CONFIG" placeholder:"FILE" help:"YAML file of settings."`
	Data       string   `placeholder:"DIR" help:"Folder of the embedded store (default ./data)."`
	Listen     string   `placeholder:"HOST:PORT" help:"gRPC address to serve on (default 127.0.0.1:7810)."`
	Admin      string   `placeholder:"HOST:PORT" help:"HTTP address for metrics, health and pprof (default 127.0.0.1:7811)."`
	Insecure   bool     `help:"Allow --listen and --admin on addresses that other machines can reach, without authentication."`
	AllArms    bool     `name:"require-all-arms" help:"Fail a question while the embedder is down, instead of answering by words alone. For a server, give this flag to serve."`
	LogLevel   string   `placeholder:"LEVEL" help:"Least level of messages to log: debug, info, warn or error (default info)."`
	Set        []string `placeholder:"KEY=VALUE" sep:"none" help:"Set any setting by its key, such as search.depth=200. May be repeated."`
}

// load merges flags, environment and file.
func (g *Globals) load(s streams) (config.Config, error) {
	flags := map[string]string{}
	for _, pair := range g.Set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return config.Config{}, fmt.Errorf("--set %s: must be KEY=VALUE", pair)
		}
		flags[key] = value
	}
	for key, value := range map[string]string{"data": g.Data, "listen": g.Listen, "admin": g.Admin, "log.level": g.LogLevel} {
		if value != "" {
			flags[key] = value
		}
	}
	if g.AllArms {
		flags["search.require_all_arms"] = "true"
	}
	if g.Insecure {
		flags["insecure"] = "true"
	}
	return config.Load(config.Sources{File: g.ConfigFile, Environment: s.environment, Flags: flags})
}

// logger writes to w as the configuration says.
func logger(c config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		level = slog.LevelInfo // Validate has seen it
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
