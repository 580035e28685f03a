package httpapi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// guard lets in what may come in, and gives every answer its headers.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r, err := s.admit(r)
		if err != nil {
			if refused(err, http.StatusUnauthorized) {
				h.Set("WWW-Authenticate", `Bearer realm="pm"`)
			}
			s.fail(w, r, err)
			return
		}
		done, err := s.readAhead(w, r)
		defer done()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if slots := s.slotsFor(r.URL.Path); slots != nil {
			held, err := enter(slots, "requests")
			if err != nil {
				s.fail(w, r, err)
				return
			}
			defer held.leave()
			r = r.WithContext(context.WithValue(r.Context(), slotKey{}, held))
		}
		next.ServeHTTP(w, r)
	})
}

// A refusal is an error that has a status of its own.
type refusal struct {
	err    *plan.Error
	status int
}

func (r refusal) Error() string { return r.err.Message }
func (r refusal) Unwrap() error { return r.err }

func refuse(status int, kind plan.Kind, code, message string) refusal {
	return refusal{plan.Errorf(kind, "%s", message).WithCode(code), status}
}

func refused(err error, status int) bool {
	var r refusal
	return errors.As(err, &r) && r.status == status
}

// admit checks where a request comes from, and returns it with its actor.
func (s *Server) admit(r *http.Request) (*http.Request, error) {
	if !s.ownHost(r.Host) {
		return r, refuse(http.StatusForbidden, plan.Permission, "foreign_host", "unknown host name in the request's Host header")
	}
	if !ownOrigin(r) {
		return r, refuse(http.StatusForbidden, plan.Permission, "foreign_origin", "the request comes from another origin")
	}
	name := ""
	if len(s.o.Tokens) > 0 && !s.isOpen(r) {
		t, err := s.tokenOf(r)
		if err != nil {
			return r, err
		}
		name = t.name
		r = r.WithContext(ops.WithRole(r.Context(), t.roleAt(r.URL.Path)))
	}
	return s.withActor(r, name)
}

// tokenOf returns the token that a request has, itself or by its cookie.
func (s *Server) tokenOf(r *http.Request) (token, error) {
	if secret, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); isBearer {
		if t, found := s.o.Tokens.find(secret); found {
			return t, nil
		}
	} else if t, found := s.byCookie(r); found {
		return t, ownPage(r)
	}
	return token{}, refuse(http.StatusUnauthorized, plan.Permission, "no_token", "missing or unknown token")
}

// surfaceWeb is what the page says that it is.
const surfaceWeb = "web"

// withActor puts who acts into the request's context: the owner of the token,
// or whom the request names, in the session that it names. Without a session
// its claims answer a token, which is one.
func (s *Server) withActor(r *http.Request, owner string) (*http.Request, error) {
	a := plan.Actor{Name: r.Header.Get("X-PM-Agent"), Session: r.Header.Get("X-PM-Session"), Surface: "http"}
	if err := errors.Join(plan.CheckName("agent", a.Name), plan.CheckName("session", a.Session)); err != nil {
		return r, err
	}
	if r.Header.Get("X-PM-Surface") == surfaceWeb {
		a.Surface = surfaceWeb
	}
	a.Session = plan.SessionOf(a.Session)
	a.Tokens = a.Session == ""
	if owner != "" {
		if a.Name != "" && a.Name != owner {
			return r, refuse(http.StatusForbidden, plan.Permission, "foreign_agent", "the token belongs to a different agent than X-PM-Agent")
		}
		a.Name = owner
	}
	if a.Name == "" && r.URL.Path != "/mcp" { // a client of MCP tells its name
		a.Name = s.o.Actor.Name
	}
	return r.WithContext(plan.WithActor(r.Context(), a)), nil
}

// ownHost reports whether a Host header names this server, at any port.
func (s *Server) ownHost(host string) bool {
	return isLocal(host) || slices.ContainsFunc(s.o.Hosts, func(own string) bool { return strings.EqualFold(own, hostname(host)) })
}

// hostname returns a Host header without its port, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// ownOrigin reports whether a request comes from a page of this server, or
// from none. What a browser sends is decisive (Fetch Metadata, RFC 6454); a
// link from elsewhere may open a page, but not call the API.
func ownOrigin(r *http.Request) bool {
	origin := r.Header.Values("Origin")
	for _, o := range origin {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	return safe && len(origin) == 0 && r.Header.Get("Sec-Fetch-Mode") == "navigate" && !strings.HasPrefix(r.URL.Path, "/v1/") && r.URL.Path != "/mcp"
}
