package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"dalil/internal/config"
)

// Globals are the flags that every command has.
type Globals struct {
	ConfigFile     string   `name:"config" short:"c" env:"DALIL_CONFIG" placeholder:"FILE" help:"YAML file of settings."`
	Data           *string  `placeholder:"DIR" help:"Folder of the embedded store (default ./data)."`
	Listen         *string  `placeholder:"HOST:PORT" help:"gRPC address to serve on (default 127.0.0.1:7810)."`
	HTTP           *string  `name:"http" placeholder:"HOST:PORT" help:"HTTP address to serve JSON, MCP and /docs on, such as 127.0.0.1:7812 (default: none)."`
	Admin          *string  `placeholder:"HOST:PORT" help:"HTTP address for metrics, health and pprof (default 127.0.0.1:7811)."`
	Keys           *string  `placeholder:"FILE" help:"File of the API keys (access.keys): calls then need a key."`
	AllowPlaintext bool     `name:"allow-plaintext" help:"Do without TLS: serve on addresses that other machines can reach, or send an API key to a server. Whoever can read the network reads questions, documents and keys."`
	AllowAnonymous bool     `name:"allow-anonymous" help:"Serve without authentication on addresses that other machines can reach. Whoever reaches them can read, write and delete everything."`
	Insecure       bool     `help:"Serve without TLS and without authentication on addresses that other machines can reach: both --allow-plaintext and --allow-anonymous."`
	AllArms        bool     `name:"require-all-arms" help:"Fail a question while the embedder is down, instead of answering by words alone. To set this for a server, give the flag to \"dalil serve\"."`
	LogLevel       *string  `placeholder:"LEVEL" help:"Lowest level of messages to log: debug, info, warn or error (default info)."`
	Set            []string `placeholder:"KEY=VALUE" sep:"none" help:"Set any setting by its key, such as search.depth=200. May be repeated."`
}

// load merges flags, environment and configuration file.
func (g *Globals) load(s streams) (config.Config, error) {
	flags := map[string]string{}
	for _, pair := range g.Set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return config.Config{}, fmt.Errorf("--set %s: must be KEY=VALUE", pair)
		}
		flags[key] = value
	}
	for key, value := range map[string]*string{"data": g.Data, "listen": g.Listen, "http": g.HTTP, "admin": g.Admin, "access.keys": g.Keys, "log.level": g.LogLevel} {
		if value != nil { // --admin "" turns the port off
			flags[key] = *value
		}
	}
	if g.AllArms {
		flags["search.require_all_arms"] = "true"
	}
	for key, given := range map[string]bool{"insecure": g.Insecure, "allow_plaintext": g.AllowPlaintext, "allow_anonymous": g.AllowAnonymous} {
		if given {
			flags[key] = "true"
		}
	}
	return config.Load(config.Sources{File: g.ConfigFile, Environment: s.environment, Flags: flags})
}

// logger returns a logger to w with the configured level and format.
func logger(c config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		level = slog.LevelInfo // Validate has refused unknown levels
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
