package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("validation", "error", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	server := &http.Server{Handler: newHandler(), ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// A Booking uses tenon's own constraints for what they can say, and the
// validator's for what they cannot: one field compared with another.
type Booking struct {
	From   string `json:"from" format:"date"`
	Guests int    `json:"guests" minimum:"1"`
	Beds   int    `json:"beds" validate:"gtefield=Guests"`
	Card   string `json:"card" validate:"credit_card"`
}

// Book answers the booking.
func Book(_ context.Context, in Booking) (respond.Created[Booking], error) {
	in.Card = ""
	return respond.Created[Booking]{Location: "/bookings/1", Body: in}, nil
}

func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /bookings", tenon.Handle(Book, bind.ValidateFunc(playground[Booking]())))
	return mux
}

// playground returns the check of a T by go-playground/validator. Its own
// error text names Go fields, so each fault becomes a field error with a pointer
// into the body.
func playground[T any]() func(*T) error {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	pointer := strings.NewReplacer(".", "/", "[", "/", "]", "")
	return func(in *T) error {
		err := v.Struct(in)
		faults, ok := errors.AsType[validator.ValidationErrors](err)
		if !ok {
			return err
		}
		refused := &bind.Error{Status: http.StatusBadRequest}
		for _, fault := range faults {
			_, path, _ := strings.Cut(fault.Namespace(), ".")
			refused.Fields = append(refused.Fields, respond.FieldError{
				In:      "body",
				Pointer: "#/" + pointer.Replace(path),
				Code:    fault.Tag(),
				Limit:   fault.Param(),
				Detail:  strings.TrimSpace("does not satisfy " + fault.Tag() + " " + strings.ToLower(fault.Param())),
			})
		}
		return refused
	}
}
