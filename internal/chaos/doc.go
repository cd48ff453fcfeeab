// Package chaos holds a test that troubles a real server process (kill -9,
// SIGTERM under load, a full disk, files removed between starts, hostile
// documents and messages) and compares what it holds with a model of what was
// acknowledged. "make chaos" runs it for three minutes, CI for thirty seconds.
package chaos
