package server

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
)

func (s *Server) getPolicy(r *request) (*answer, error) {
	if err := r.only(); err != nil {
		return nil, err
	}
	var adopted assign.Adopted
	s.engine.View(func(v *engine.View) { adopted = v.State().Adopted() })
	return ok(wire.PolicyOf(&adopted.PolicyAdopted, adopted.At, policy.Builtin())), nil
}

// putPolicy adopts a policy: one that is built in, or a file, as JSON or as it
// is with the content type of YAML.
func (s *Server) putPolicy(r *request) (*answer, error) {
	if err := errors.Join(r.only("by", "reason"), r.expect(typeJSON, typeYAML)); err != nil {
		return nil, err
	}
	req := wire.PolicyRequest{By: r.query["by"], Reason: r.query["reason"]}
	if r.mediaType() == typeYAML {
		if !utf8.Valid(r.body) {
			return nil, wire.Wrong(http.StatusBadRequest, "not_utf8", "", "the body is not UTF-8")
		}
		req.YAML = string(r.body)
	} else if err := r.decode(&req); err != nil {
		return nil, err
	}
	var cmd *assign.AdoptPolicy
	return s.write(r, func() (_ assign.Command, err error) {
		cmd, err = adoption(&req)
		return cmd, err
	}, func(out *engine.Outcome) any {
		adopted := assign.PolicyAdopted{Policy: *cmd.Policy, Source: cmd.Source, By: cmd.By, Reason: cmd.Reason}
		return wire.PolicyOf(&adopted, out.At, policy.Builtin())
	})
}

// adoption is the command that a request asks for.
func adoption(q *wire.PolicyRequest) (*assign.AdoptPolicy, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	cmd := &assign.AdoptPolicy{By: q.By, Reason: q.Reason, Source: q.YAML}
	var err error
	if q.Name != "" {
		cmd.Policy, cmd.Source, err = policy.Named(q.Name)
	} else {
		cmd.Policy, err = policy.Parse([]byte(q.YAML))
	}
	var mistakes policy.Mistakes
	if errors.As(err, &mistakes) { // each on a line
		err = errors.Join(mistakes.Unwrap()...)
	}
	if err != nil {
		return nil, wire.Wrong(http.StatusUnprocessableEntity, "bad_policy", "", "%v", err)
	}
	return cmd, nil
}
