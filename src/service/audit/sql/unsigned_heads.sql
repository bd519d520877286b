SELECT h.organization_id FROM audit_heads h
WHERE h.sequence > 0 AND NOT EXISTS (SELECT 1 FROM audit_signatures s
                  WHERE s.organization_id = h.organization_id AND s.sequence = h.sequence)
