// Command soak drives a service of tenon for a while, and fails where the service
// keeps something of what it has answered:
//
//	$ cd benchmarks/peers && go run ./soak -for 10m
//
// The service is a process of its own. Its clients read typed answers, streams and
// files, post, upload, send what is invalid, and break off. Again and again they pause,
// and the service says what it holds then: the live heap, goroutines and descriptors.
// A line through what it said after the first tenth of the time, of least squares, has
// the slopes that are printed. The command exits with 1 where a line rises by more
// than its limit over the run, and where an answer was wrong.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	length := flag.Duration("for", 10*time.Minute, "how long")
	clients := flag.Int("clients", 8, "how many clients at once")
	child := flag.Bool("serve", false, "be the service; the command starts itself so")
	flag.Parse()
	log.SetFlags(log.Ltime)
	ctx := context.Background()
	if *child {
		if err := serve(ctx); err != nil {
			log.Fatal(err)
		}
		return
	}
	text, err := soak(ctx, *length, *clients)
	fmt.Print(text)
	if err != nil {
		log.Fatal(err)
	}
}

// serve answers on two addresses, which it prints: that of the service, and that of
// what it holds. It ends with its standard input.
func serve(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "tenon-soak")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	h, err := service(dir)
	if err != nil {
		return err
	}
	quiet := log.New(io.Discard, "", 0) // of clients that break off
	for _, handler := range []http.Handler{h, http.HandlerFunc(measureHeld)} {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute, ErrorLog: quiet}
		go func() { _ = server.Serve(listener) }()
		fmt.Println(listener.Addr())
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// soak starts the service, drives it and judges what it held. It returns what is to be
// printed.
func soak(ctx context.Context, length time.Duration, clients int) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	child := exec.CommandContext(ctx, program, "-serve")
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		return "", err
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := child.Start(); err != nil {
		return "", err
	}
	defer func() { _ = stdin.Close(); _ = child.Wait() }()
	var addresses [2]string
	lines := bufio.NewReader(stdout)
	for i := range addresses {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		addresses[i] = strings.TrimSpace(line)
	}
	d := driver{deeds: deeds(), done: make([]atomic.Int64, len(deeds()))}
	samples, err := d.run(ctx, addresses[0], addresses[1], length, clients)
	if err != nil {
		return d.counts(), err
	}
	verdict, err := judge(samples)
	return d.counts() + verdict, err
}

// A driver has clients do all deeds, and makes them pause for samples.
type driver struct {
	deeds []deed
	done  []atomic.Int64
	pause sync.RWMutex // held for reading while a client does something
}

// A sample is what the service held at a time since the start.
type sample struct {
	at time.Duration
	held
}

func (d *driver) run(ctx context.Context, addr, control string, length time.Duration, clients int) ([]sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := make([]*client, clients)
	var running sync.WaitGroup
	for i := range all {
		all[i] = newClient(addr)
		running.Go(func() {
			for round := i; ctx.Err() == nil; round++ {
				if err := d.round(ctx, all[i], round); err != nil && ctx.Err() == nil {
					cancel(err)
				}
			}
		})
	}
	began := time.Now()
	ticker := time.NewTicker(min(max(length/100, 2*linger), 5*time.Second))
	defer ticker.Stop()
	var samples []sample
	for time.Since(began) < length && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-ticker.C:
			d.pause.Lock()
			at := time.Since(began)
			now, err := settled(ctx, control, all)
			d.pause.Unlock()
			if err != nil {
				cancel(err)
			} else if at > length/10 {
				samples = append(samples, sample{at, now})
			}
		}
	}
	err := context.Cause(ctx)
	cancel(nil)
	running.Wait()
	return samples, err
}

// round does each deed that is due.
func (d *driver) round(ctx context.Context, c *client, round int) error {
	for i := range d.deeds {
		if round%d.deeds[i].every != 0 {
			continue
		}
		d.pause.RLock()
		err := d.deeds[i].do(c, ctx)
		d.pause.RUnlock()
		if err != nil {
			return fmt.Errorf("%s: %w", d.deeds[i].name, err)
		}
		d.done[i].Add(1)
	}
	return nil
}

func (d *driver) counts() string {
	var b strings.Builder
	for i := range d.deeds {
		fmt.Fprintf(&b, "%10d  %s\n", d.done[i].Load(), d.deeds[i].name)
	}
	return b.String()
}

// linger is longer than net/http keeps a connection that it has closed before the
// client has: half a second.
const linger = 600 * time.Millisecond

// settled has the clients give their connections up, and asks what the service holds
// until goroutines and descriptors have stayed as they are for the time of linger.
func settled(ctx context.Context, control string, clients []*client) (held, error) {
	began := time.Now()
	var last held
	since := began
	for time.Since(began) < 10*linger {
		for _, c := range clients {
			c.transport.CloseIdleConnections()
		}
		now, err := holds(ctx, control)
		if err != nil {
			return now, err
		}
		if now.Goroutines != last.Goroutines || now.Descriptors != last.Descriptors {
			since = time.Now()
		} else if time.Since(since) > linger {
			return now, nil
		}
		last = now
		time.Sleep(linger / 10)
	}
	return last, errors.New("the service does not come to rest after its last request")
}

func holds(ctx context.Context, control string) (held, error) {
	var now held
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+control, http.NoBody)
	if err != nil {
		return now, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return now, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return now, errors.New(response.Status)
	}
	return now, json.NewDecoder(response.Body).Decode(&now)
}
