// Package chaos has a test that disturbs a real server process (kill -9,
// SIGTERM under load, a full disk, files removed between starts, hostile
// documents and messages) and compares its index with a model of what was
// acknowledged. "make chaos" runs it for three minutes, CI for thirty seconds.
package chaos
