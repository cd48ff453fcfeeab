package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what the processes of a server use.
type usage struct {
	cpu     time.Duration // user and system time since they started, ended children included
	private int64         // bytes of anonymous and shared memory
	mapped  int64         // bytes of mapped files that are in memory
}

// usageOf adds up a process and its descendants, from /proc. Memory that processes
// share is counted once (the proportional set size).
func usageOf(pid int) (usage, error) {
	if pid == 0 {
		return usage{}, errors.New("the server is on another machine")
	}
	var u usage
	for _, p := range family(pid) {
		stat, err := readStat(p)
		if err != nil && p == pid {
			return usage{}, err
		} else if err != nil {
			continue // it has ended, and its parent has its time
		}
		u.cpu += stat.cpu
		u.addMemory(p)
	}
	return u, nil
}

// cpuOf is the processor time of usageOf. It is 0 for a server on another machine.
func cpuOf(pid int) (sum time.Duration) {
	if pid == 0 {
		return 0
	}
	for _, p := range family(pid) {
		if stat, err := readStat(p); err == nil {
			sum += stat.cpu
		}
	}
	return sum
}

type stat struct {
	parent int
	cpu    time.Duration
}

func readStat(pid int) (stat, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	// The second field may hold spaces; it ends with the last bracket.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	s := stat{}
	if s.parent, err = strconv.Atoi(fields[1]); err != nil {
		return stat{}, err
	}
	for _, field := range fields[11:15] { // user, system, and both of children that ended
		ticks, err := strconv.Atoi(field)
		if err != nil {
			return stat{}, err
		}
		s.cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	return s, nil
}

// family lists a process and its descendants.
func family(pid int) []int {
	children := map[int][]int{}
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		p, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		if s, err := readStat(p); err == nil {
			children[s.parent] = append(children[s.parent], p)
		}
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

func (u *usage) addMemory(pid int) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			continue
		}
		switch fields[0] {
		case "Pss_Anon:", "Pss_Shmem:":
			u.private += kilobytes << 10
		case "Pss_File:":
			u.mapped += kilobytes << 10
		}
	}
}

// listener is the process that listens on an address of this machine, 0 if there is
// none.
func listener(address string) int {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0
	}
	number, err := strconv.Atoi(port)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return 0
	}
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		addSockets(sockets, table, number)
	}
	lowest := 0
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, file := range files {
		target, err := os.Readlink(file)
		if err != nil || !sockets[target] {
			continue
		}
		p, err := strconv.Atoi(strings.Split(file, "/")[2])
		if err == nil && (lowest == 0 || p < lowest) {
			lowest = p // a child that has the socket too is younger
		}
	}
	return lowest
}

// addSockets adds the sockets of a table of the kernel that listen on a port.
func addSockets(sockets map[string]bool, table string, port int) {
	text, err := os.ReadFile(table)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 10 || fields[3] != "0A" { // listening
			continue
		}
		_, digits, _ := strings.Cut(fields[1], ":")
		number, err := hex.DecodeString(digits)
		if err == nil && len(number) == 2 && int(number[0])<<8|int(number[1]) == port {
			sockets["socket:["+fields[9]+"]"] = true
		}
	}
}

// sizeOf is the number of bytes of the files below a folder, as they lie on disk.
func sizeOf(dir string) (sum int64) {
	err := filepath.WalkDir(dir, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		sum += onDisk(info)
		return nil
	})
	if err != nil {
		return -1
	}
	return sum
}
