-- The inbox's search looks into what teammates write among themselves, what was said in calls, and names of contacts, as well as into messages.
create index comment_words on comment using gin (to_tsvector('simple', left(text, 100000)));
create index call_words on call using gin (
  (to_tsvector('simple', left(coalesce(summary, ''), 100000)) || jsonb_to_tsvector('simple', jsonb_path_query_array(coalesce(transcript, '[]'), '$[*].content'), '["string"]'))
);
create index contact_words on contact using gin (to_tsvector('simple', coalesce(name, '')));
create index contact_handle_begins on contact_handle (company_id, handle text_pattern_ops);
