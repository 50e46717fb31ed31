-- Made from the catalogs; do not edit. To renew it: UPDATE_SCHEMA=1 npm test -- migrate

table api_call (
  company_id bigint not null,
  id bigint not null,
  at timestamp with time zone not null,
  channel_id bigint,
  what text not null,
  method text not null,
  url text not null,
  status integer not null,
  took_ms real not null,
  request_headers jsonb not null,
  request_body text,
  response_body text,
  external_id text collate "C",
  message_uid text collate "C",
  skipped integer not null default 0,
  constraint api_call_pkey PRIMARY KEY (company_id, id)
)

table api_token (
  token_hash bytea not null,
  company_id bigint not null,
  id bigint not null,
  name text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_token_pkey PRIMARY KEY (token_hash)
)

table app (
  uid text not null,
  company_id bigint not null,
  name text not null,
  secret_sealed bytea not null,
  old_secret_sealed bytea,
  old_secret_until timestamp with time zone,
  signs_with_old boolean not null default false,
  webhook_url text not null,
  server_auth jsonb not null default '{"type": "none"}'::jsonb,
  server_auth_sealed bytea,
  contact_type text not null default 'custom'::text,
  composer text not null default 'basic'::text,
  features text[] not null default '{compose,reply,attachments}'::text[],
  strict boolean not null default false,
  created_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint app_composer_check CHECK ((composer = ANY (ARRAY['basic'::text, 'advanced'::text]))),
  constraint app_contact_type_check CHECK ((contact_type = ANY (ARRAY['custom'::text, 'email'::text, 'phone'::text]))),
  constraint app_pkey PRIMARY KEY (uid),
  constraint app_uid_check CHECK ((uid ~ '^[1-9][0-9]{0,14}$'::text))
)

table attachment (
  company_id bigint not null,
  id bigint not null,
  message_id bigint not null,
  position integer not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea not null,
  is_inline boolean not null default false,
  cid text,
  constraint attachment_pkey PRIMARY KEY (company_id, id)
)

table attempt (
  company_id bigint not null,
  delivery_id bigint not null,
  number integer not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  finished_at timestamp with time zone,
  request_method text,
  request_url text,
  request_headers jsonb,
  request_body text,
  response_status integer,
  response_headers jsonb,
  response_body text,
  timing jsonb,
  outcome text,
  decision text,
  warnings text[] not null default '{}'::text[],
  constraint attempt_pkey PRIMARY KEY (company_id, delivery_id, number)
)

table audit (
  company_id bigint not null,
  id bigint not null,
  at timestamp with time zone not null default clock_timestamp(),
  actor jsonb,
  noun text not null,
  verb text not null,
  target text not null,
  before jsonb,
  after jsonb,
  position bigint,
  hash bytea,
  constraint audit_pkey PRIMARY KEY (company_id, id)
)

table call (
  company_id bigint not null,
  id bigint not null,
  channel_id bigint not null,
  external_id text collate "C" not null,
  parent_external_id text collate "C",
  direction text not null,
  status text not null,
  handle text not null,
  name text,
  agent_email text,
  started_at timestamp with time zone not null,
  connected_at timestamp with time zone,
  ended_at timestamp with time zone,
  summary text,
  transcript jsonb,
  created_at timestamp with time zone not null default now(),
  constraint call_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint call_pkey PRIMARY KEY (company_id, id),
  constraint call_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'ringing'::text, 'connected'::text, 'hold'::text, 'hangup'::text, 'abandoned'::text, 'missed'::text, 'transferred'::text])))
)

table call_recording (
  company_id bigint not null,
  call_id bigint not null,
  attachment_id bigint not null,
  type text not null,
  created_at timestamp with time zone not null default now(),
  constraint call_recording_pkey PRIMARY KEY (company_id, call_id, attachment_id),
  constraint call_recording_type_check CHECK ((type = ANY (ARRAY['call'::text, 'voicemail'::text])))
)

table call_step (
  company_id bigint not null,
  call_id bigint not null,
  number integer not null,
  status text not null,
  occurred_at timestamp with time zone not null,
  agent_email text,
  constraint call_step_pkey PRIMARY KEY (company_id, call_id, number),
  constraint call_step_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'ringing'::text, 'connected'::text, 'hold'::text, 'resumed'::text, 'hangup'::text, 'abandoned'::text, 'missed'::text, 'transferred'::text])))
)

table channel (
  company_id bigint not null,
  id bigint not null,
  inbox_id bigint not null,
  app_uid text,
  name text not null,
  address text not null,
  webhook_url text,
  credentials_sealed bytea,
  contact_type text not null default 'custom'::text,
  status text not null default 'ok'::text,
  status_reason text,
  status_at timestamp with time zone not null default now(),
  undo_send_time integer not null default 0,
  all_teammates_can_reply boolean not null default true,
  auto_assign boolean not null default true,
  reply_mode text not null default 'same_channel'::text,
  compose_mode text not null default 'normal'::text,
  is_private boolean not null default false,
  created_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  kind text not null default 'channel'::text,
  tokens_sealed bytea,
  tokens_at timestamp with time zone,
  tokens_until timestamp with time zone,
  tokens_due_at timestamp with time zone,
  tokens_claimed_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  tokens_renewable boolean not null default false,
  tokens_refused boolean not null default false,
  resource_owner_id text,
  parking text,
  parking_before timestamp with time zone,
  constraint channel_compose_mode_check CHECK ((compose_mode = ANY (ARRAY['normal'::text, 'unsupported'::text]))),
  constraint channel_contact_type_check CHECK ((contact_type = ANY (ARRAY['custom'::text, 'email'::text, 'phone'::text]))),
  constraint channel_kind_check CHECK ((kind = ANY (ARRAY['channel'::text, 'import'::text]))),
  constraint channel_parking_check CHECK ((parking = ANY (ARRAY['park'::text, 'release'::text]))),
  constraint channel_pkey PRIMARY KEY (company_id, id),
  constraint channel_reply_mode_check CHECK ((reply_mode = ANY (ARRAY['same_channel'::text, 'unsupported'::text]))),
  constraint channel_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'offline'::text]))),
  constraint channel_undo_send_time_check CHECK ((undo_send_time = ANY (ARRAY[0, 5, 10, 15, 30, 60])))
)

table channel_sign_in (
  state_hash bytea not null,
  company_id bigint not null,
  channel_id bigint not null,
  teammate_id bigint,
  redirect_uri text not null,
  address text,
  return_to text,
  expires_at timestamp with time zone not null,
  constraint channel_sign_in_pkey PRIMARY KEY (state_hash)
)

table channel_template (
  company_id bigint not null,
  id bigint not null,
  channel_id bigint not null,
  external_id text collate "C" not null,
  name text not null,
  blurb text not null,
  is_disabled boolean not null,
  status text not null,
  variable_mappings jsonb not null,
  preview_source text not null,
  preview text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint channel_template_pkey PRIMARY KEY (company_id, id),
  constraint channel_template_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'APPROVED'::text, 'REJECTED'::text])))
)

table comment (
  company_id bigint not null,
  id bigint not null,
  conversation_id bigint not null,
  author_id bigint,
  bot jsonb,
  created_by text not null,
  body text not null,
  html text not null,
  text text not null,
  mentions bigint[] not null default '{}'::bigint[],
  reply_to_id bigint,
  is_pinned boolean not null default false,
  version bigint not null default 1,
  posted_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  constraint comment_pkey PRIMARY KEY (company_id, id)
)

table company (
  id bigint not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint company_pkey PRIMARY KEY (id)
)

table company_feed (
  company_id bigint not null,
  position bigint not null default 0,
  constraint company_feed_pkey PRIMARY KEY (company_id)
)

table contact (
  company_id bigint not null,
  id bigint not null,
  name text,
  description text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  owner_kind text not null default 'company'::text,
  owner_id bigint,
  links text[] not null default '{}'::text[],
  custom_fields jsonb not null default '{}'::jsonb,
  is_named boolean not null default false,
  avatar_sha256 bytea,
  avatar_content_type text,
  avatar_at timestamp with time zone,
  constraint contact_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['company'::text, 'team'::text, 'teammate'::text]))),
  constraint contact_pkey PRIMARY KEY (company_id, id)
)

table contact_different (
  company_id bigint not null,
  one_id bigint not null,
  other_id bigint not null,
  said_by bigint not null,
  said_at timestamp with time zone not null default now(),
  constraint contact_different_check CHECK ((one_id < other_id)),
  constraint contact_different_pkey PRIMARY KEY (company_id, one_id, other_id)
)

table contact_handle (
  company_id bigint not null,
  source text not null,
  handle text collate "C" not null,
  contact_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint contact_handle_pkey PRIMARY KEY (company_id, source, handle)
)

table contact_list (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  owner_kind text not null,
  owner_id bigint,
  created_at timestamp with time zone not null default now(),
  constraint contact_list_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['company'::text, 'team'::text, 'teammate'::text]))),
  constraint contact_list_pkey PRIMARY KEY (company_id, id)
)

table contact_list_member (
  company_id bigint not null,
  list_id bigint not null,
  contact_id bigint not null,
  constraint contact_list_member_pkey PRIMARY KEY (company_id, list_id, contact_id)
)

table contact_note (
  company_id bigint not null,
  id bigint not null,
  contact_id bigint not null,
  author_id bigint not null,
  body text not null,
  created_at timestamp with time zone not null default now(),
  constraint contact_note_pkey PRIMARY KEY (company_id, id)
)

table conversation (
  company_id bigint not null,
  id bigint not null,
  inbox_id bigint,
  channel_id bigint,
  contact_id bigint,
  subject text not null default ''::text,
  status text not null default 'open'::text,
  assignee_id bigint,
  recipient jsonb,
  preview text not null default ''::text,
  preview_direction text not null default 'inbound'::text,
  failed_count integer not null default 0,
  last_message_id bigint,
  last_number integer not null default 0,
  last_send integer not null default 0,
  last_notice integer not null default 0,
  waiting_since timestamp with time zone,
  activity_at timestamp with time zone not null default now(),
  version bigint not null default 1,
  merged_into bigint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  type text not null default 'conversation'::text,
  custom_fields jsonb not null default '{}'::jsonb,
  description text,
  due_at timestamp with time zone,
  last_inbound integer not null default 0,
  constraint conversation_pkey PRIMARY KEY (company_id, id),
  constraint conversation_status_check CHECK ((status = ANY (ARRAY['open'::text, 'archived'::text, 'deleted'::text, 'spam'::text]))),
  constraint conversation_type_check CHECK ((type = ANY (ARRAY['conversation'::text, 'discussion'::text, 'task'::text])))
)

table conversation_follower (
  company_id bigint not null,
  conversation_id bigint not null,
  teammate_id bigint not null,
  constraint conversation_follower_pkey PRIMARY KEY (company_id, conversation_id, teammate_id)
)

table conversation_link (
  company_id bigint not null,
  conversation_id bigint not null,
  link_id bigint not null,
  constraint conversation_link_pkey PRIMARY KEY (company_id, conversation_id, link_id)
)

table conversation_read (
  company_id bigint not null,
  conversation_id bigint not null,
  teammate_id bigint not null,
  number integer not null,
  constraint conversation_read_pkey PRIMARY KEY (company_id, conversation_id, teammate_id)
)

table conversation_reminder (
  company_id bigint not null,
  conversation_id bigint not null,
  teammate_id bigint not null,
  scheduled_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint conversation_reminder_pkey PRIMARY KEY (company_id, conversation_id, teammate_id)
)

table conversation_tag (
  company_id bigint not null,
  conversation_id bigint not null,
  tag_id bigint not null,
  constraint conversation_tag_pkey PRIMARY KEY (company_id, conversation_id, tag_id)
)

table custom_field (
  company_id bigint not null,
  id bigint not null,
  resource text not null,
  name text not null,
  description text not null default ''::text,
  type text not null,
  options jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint custom_field_pkey PRIMARY KEY (company_id, id),
  constraint custom_field_resource_check CHECK ((resource = ANY (ARRAY['account'::text, 'contact'::text, 'conversation'::text, 'inbox'::text, 'link'::text, 'teammate'::text]))),
  constraint custom_field_type_check CHECK ((type = ANY (ARRAY['string'::text, 'boolean'::text, 'datetime'::text, 'number'::text, 'teammate'::text, 'inbox'::text, 'enum'::text])))
)

table delivery (
  company_id bigint not null,
  id bigint not null,
  channel_id bigint,
  conversation_id bigint,
  message_id bigint,
  sequence text not null,
  type text not null,
  number integer,
  ready boolean not null default false,
  stepped_aside boolean not null default false,
  state text not null,
  due_at timestamp with time zone not null,
  waiting_reason text,
  attempts integer not null default 0,
  first_started_at timestamp with time zone,
  lease_token bigint,
  error_code text,
  error_reason text,
  replay_of bigint,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  webhook_id bigint,
  event_position bigint,
  constraint delivery_has_addressee CHECK (((channel_id IS NOT NULL) OR (webhook_id IS NOT NULL))),
  constraint delivery_pkey PRIMARY KEY (company_id, id),
  constraint delivery_sequence_check CHECK ((sequence = ANY (ARRAY['send'::text, 'notice'::text, 'control'::text, 'event'::text]))),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['held'::text, 'queued'::text, 'sending'::text, 'waiting'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
)

table draft (
  company_id bigint not null,
  id bigint not null,
  uid text collate "C" not null,
  conversation_id bigint not null,
  starts_conversation boolean not null default false,
  channel_id bigint not null,
  origin text not null,
  author_id bigint,
  mode text not null,
  sender_name text,
  subject text not null default ''::text,
  body text not null,
  body_source text,
  text text not null,
  blurb text not null,
  to_handles text[],
  cc_handles text[] not null default '{}'::text[],
  bcc_handles text[] not null default '{}'::text[],
  signature_id bigint,
  reply_to_id bigint,
  version bigint not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint draft_mode_check CHECK ((mode = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint draft_origin_check CHECK ((origin = ANY (ARRAY['teammate'::text, 'api'::text, 'channel'::text]))),
  constraint draft_pkey PRIMARY KEY (company_id, id)
)

table erasure (
  company_id bigint not null,
  id bigint not null,
  contact_id bigint not null,
  erased_by bigint,
  erased_at timestamp with time zone not null default now(),
  receipt text not null,
  signature bytea not null,
  constraint erasure_pkey PRIMARY KEY (company_id, id)
)

table event (
  company_id bigint not null,
  position bigint not null,
  id bigint not null,
  type text not null,
  is_public boolean not null default true,
  conversation_id bigint,
  message_id bigint,
  source jsonb not null default '{}'::jsonb,
  target jsonb,
  emitted_at timestamp with time zone not null default now(),
  constraint event_pkey PRIMARY KEY (company_id, "position")
)

table external_message_id (
  company_id bigint not null,
  channel_id bigint not null,
  external_id text collate "C" not null,
  message_id bigint not null,
  constraint external_message_id_pkey PRIMARY KEY (company_id, channel_id, external_id)
)

table file_removal (
  sha256 bytea not null,
  due_at timestamp with time zone not null,
  constraint file_removal_pkey PRIMARY KEY (sha256)
)

table identity_account (
  id text not null,
  accountId text not null,
  providerId text not null,
  userId text not null,
  accessToken text,
  refreshToken text,
  idToken text,
  accessTokenExpiresAt timestamp with time zone,
  refreshTokenExpiresAt timestamp with time zone,
  scope text,
  password text,
  createdAt timestamp with time zone not null default now(),
  updatedAt timestamp with time zone not null default now(),
  constraint identity_account_pkey PRIMARY KEY (id),
  constraint identity_account_userId_fkey FOREIGN KEY ("userId") REFERENCES identity_user(id) ON DELETE CASCADE
)

table identity_passkey (
  id text not null,
  identity_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint identity_passkey_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identity_user(id) ON DELETE CASCADE,
  constraint identity_passkey_pkey PRIMARY KEY (id)
)

table identity_session (
  id text not null,
  expiresAt timestamp with time zone not null,
  token text not null,
  createdAt timestamp with time zone not null default now(),
  updatedAt timestamp with time zone not null default now(),
  ipAddress text,
  userAgent text,
  userId text not null,
  provedAt timestamp with time zone not null default now(),
  latestAt timestamp with time zone,
  constraint identity_session_pkey PRIMARY KEY (id),
  constraint identity_session_token_key UNIQUE (token),
  constraint identity_session_userId_fkey FOREIGN KEY ("userId") REFERENCES identity_user(id) ON DELETE CASCADE
)

table identity_user (
  id text not null,
  name text not null,
  email text not null,
  emailVerified boolean not null default false,
  image text,
  createdAt timestamp with time zone not null default now(),
  updatedAt timestamp with time zone not null default now(),
  constraint identity_user_email_key UNIQUE (email),
  constraint identity_user_pkey PRIMARY KEY (id)
)

table identity_verification (
  id text not null,
  identifier text not null,
  value text not null,
  expiresAt timestamp with time zone not null,
  createdAt timestamp with time zone not null default now(),
  updatedAt timestamp with time zone not null default now(),
  constraint identity_verification_pkey PRIMARY KEY (id)
)

table inbox (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  is_private boolean not null default false,
  is_public boolean not null default true,
  created_at timestamp with time zone not null default now(),
  team_id bigint,
  teammate_id bigint,
  custom_fields jsonb not null default '{}'::jsonb,
  constraint inbox_pkey PRIMARY KEY (company_id, id)
)

table inbox_teammate (
  company_id bigint not null,
  inbox_id bigint not null,
  teammate_id bigint not null,
  constraint inbox_teammate_pkey PRIMARY KEY (company_id, inbox_id, teammate_id)
)

table installation (
  key text not null,
  value text not null,
  constraint installation_pkey PRIMARY KEY (key)
)

table invitation (
  company_id bigint not null,
  id bigint not null,
  token_hash bytea not null,
  email text not null,
  role text not null default 'teammate'::text,
  is_developer boolean not null default false,
  inbox_ids bigint[] not null default '{}'::bigint[],
  teammate_id bigint,
  invited_by bigint,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint invitation_pkey PRIMARY KEY (company_id, id),
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'teammate'::text, 'observer'::text])))
)

table lane (
  company_id bigint not null,
  channel_id bigint not null,
  due_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  cap integer not null default 2,
  lease_token bigint not null default 0,
  leased_by text,
  leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  sends_from timestamp with time zone not null default '-infinity'::timestamp with time zone,
  notices_from timestamp with time zone not null default '-infinity'::timestamp with time zone,
  health jsonb not null default '{}'::jsonb,
  constraint lane_pkey PRIMARY KEY (company_id, channel_id)
)

table link (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  type text not null default 'web'::text,
  external_url text not null,
  custom_fields jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint link_pkey PRIMARY KEY (company_id, id)
)

table listener (
  company_id bigint not null,
  id bigint not null,
  app_uid text not null,
  name text not null,
  turn bigint not null default 0,
  kept_for interval not null,
  seen_at timestamp with time zone not null default clock_timestamp(),
  until timestamp with time zone not null,
  constraint listener_pkey PRIMARY KEY (company_id, id)
)

table message (
  company_id bigint not null,
  id bigint not null,
  conversation_id bigint not null,
  channel_id bigint not null,
  number integer not null,
  uid text collate "C" not null,
  direction text not null,
  origin text not null,
  author_id bigint,
  sender_name text,
  subject text not null default ''::text,
  body text not null,
  body_source text,
  text text not null,
  blurb text not null,
  recipients jsonb not null,
  external_id text,
  external_conversation_id text,
  reply_to_id bigint,
  headers jsonb not null default '{}'::jsonb,
  client_key text,
  created_at timestamp with time zone not null,
  accepted_at timestamp with time zone not null default now(),
  state text,
  state_at timestamp with time zone,
  due_at timestamp with time zone,
  error_code text,
  error_reason text,
  version bigint not null default 1,
  type text not null default 'custom'::text,
  deleted_at timestamp with time zone,
  template jsonb,
  constraint message_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint message_origin_check CHECK ((origin = ANY (ARRAY['partner'::text, 'teammate'::text, 'api'::text, 'auto_reply'::text]))),
  constraint message_pkey PRIMARY KEY (company_id, id),
  constraint message_state_check CHECK ((state = ANY (ARRAY['held'::text, 'queued'::text, 'sending'::text, 'waiting'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'undone'::text])))
)

table message_seen (
  company_id bigint not null,
  message_id bigint not null,
  first_seen_at timestamp with time zone not null default now(),
  constraint message_seen_pkey PRIMARY KEY (company_id, message_id)
)

table message_template (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  subject text,
  body text not null,
  folder_id bigint,
  inbox_ids bigint[],
  owner_kind text not null,
  owner_id bigint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint message_template_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['company'::text, 'team'::text, 'teammate'::text]))),
  constraint message_template_pkey PRIMARY KEY (company_id, id)
)

table message_template_attachment (
  company_id bigint not null,
  id bigint not null,
  template_id bigint not null,
  position integer not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea not null,
  constraint message_template_attachment_pkey PRIMARY KEY (company_id, id)
)

table message_template_folder (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  parent_id bigint,
  owner_kind text not null,
  owner_id bigint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint message_template_folder_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['company'::text, 'team'::text, 'teammate'::text]))),
  constraint message_template_folder_pkey PRIMARY KEY (company_id, id)
)

table migration (
  number integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (number)
)

table notification_preference (
  company_id bigint not null,
  teammate_id bigint not null,
  levels jsonb not null default '{}'::jsonb,
  sound text not null default 'background'::text,
  quiet_from smallint,
  quiet_to smallint,
  updated_at timestamp with time zone not null default now(),
  constraint notification_preference_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
  constraint notification_preference_pkey PRIMARY KEY (company_id, teammate_id),
  constraint notification_preference_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
  constraint notification_preference_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 1439))),
  constraint notification_preference_sound_check CHECK ((sound = ANY (ARRAY['off'::text, 'background'::text, 'always'::text])))
)

table oauth_client (
  id bigint not null,
  company_id bigint not null,
  name text not null,
  secret_hash bytea not null,
  redirect_uris text[] not null,
  scopes text[] not null,
  rotates_refresh_tokens boolean not null default false,
  created_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint oauth_client_pkey PRIMARY KEY (id)
)

table oauth_grant (
  company_id bigint not null,
  id bigint not null,
  client_id bigint not null,
  teammate_id bigint not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint oauth_grant_pkey PRIMARY KEY (company_id, id)
)

table oauth_secret (
  hash bytea not null,
  company_id bigint not null,
  grant_id bigint not null,
  kind text not null,
  redirect_uri text,
  code_challenge text,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint oauth_secret_kind_check CHECK ((kind = ANY (ARRAY['code'::text, 'access'::text, 'refresh'::text]))),
  constraint oauth_secret_pkey PRIMARY KEY (hash)
)

table private_handle (
  company_id bigint not null,
  source text not null,
  handle text collate "C" not null,
  teammate_id bigint not null,
  contact_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint private_handle_pkey PRIMARY KEY (company_id, source, handle, teammate_id)
)

table rate_limit (
  company_id bigint not null,
  per_minute integer,
  partner_per_minute integer,
  per_resource_per_second integer,
  constraint rate_limit_pkey PRIMARY KEY (company_id)
)

table relay (
  company_id bigint not null,
  id bigint not null,
  listener_id bigint not null,
  delivery_id bigint,
  type text not null,
  request text not null,
  take_until timestamp with time zone not null,
  turn bigint,
  taken_at timestamp with time zone,
  answer jsonb,
  constraint relay_pkey PRIMARY KEY (company_id, id)
)

table rule (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  position integer not null,
  is_enabled boolean not null default true,
  match text not null default 'all'::text,
  conditions jsonb not null default '[]'::jsonb,
  actions jsonb not null,
  stops boolean not null default false,
  since_position bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint rule_match_check CHECK ((match = ANY (ARRAY['all'::text, 'any'::text]))),
  constraint rule_pkey PRIMARY KEY (company_id, id)
)

table rule_cursor (
  company_id bigint not null,
  position bigint not null,
  constraint rule_cursor_pkey PRIMARY KEY (company_id)
)

table rule_run (
  company_id bigint not null,
  rule_id bigint not null,
  message_id bigint not null,
  reply_message_id bigint,
  replied_at timestamp with time zone,
  done text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  constraint rule_run_pkey PRIMARY KEY (company_id, rule_id, message_id)
)

table rule_secret (
  company_id bigint not null,
  secret_sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint rule_secret_pkey PRIMARY KEY (company_id)
)

table shift (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  color text not null,
  timezone text not null,
  times jsonb not null,
  team_id bigint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint shift_pkey PRIMARY KEY (company_id, id)
)

table shift_teammate (
  company_id bigint not null,
  shift_id bigint not null,
  teammate_id bigint not null,
  constraint shift_teammate_pkey PRIMARY KEY (company_id, shift_id, teammate_id)
)

table sign_in_step (
  token_hash bytea not null,
  kind text not null,
  details jsonb not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_step_kind_check CHECK ((kind = ANY (ARRAY['passkey_new'::text, 'passkey'::text, 'provider'::text]))),
  constraint sign_in_step_pkey PRIMARY KEY (token_hash)
)

table signature (
  company_id bigint not null,
  id bigint not null,
  owner_kind text not null,
  owner_id bigint not null,
  name text,
  body text not null,
  sender_info text,
  is_default boolean not null default false,
  is_visible_for_all_teammate_channels boolean not null default false,
  channel_ids bigint[],
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint signature_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['team'::text, 'teammate'::text]))),
  constraint signature_pkey PRIMARY KEY (company_id, id)
)

table simulated_app (
  company_id bigint not null,
  app_uid text not null,
  constraint simulated_app_pkey PRIMARY KEY (company_id)
)

table tag (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  description text,
  highlight text,
  is_private boolean not null default false,
  is_visible_in_conversation_lists boolean not null default false,
  parent_id bigint,
  owner_kind text not null,
  owner_id bigint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint tag_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['company'::text, 'team'::text, 'teammate'::text]))),
  constraint tag_pkey PRIMARY KEY (company_id, id)
)

table team (
  company_id bigint not null,
  id bigint not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint team_pkey PRIMARY KEY (company_id, id)
)

table team_teammate (
  company_id bigint not null,
  team_id bigint not null,
  teammate_id bigint not null,
  constraint team_teammate_pkey PRIMARY KEY (company_id, team_id, teammate_id)
)

table teammate (
  company_id bigint not null,
  id bigint not null,
  identity_id text,
  email text not null,
  username text not null,
  first_name text not null,
  last_name text not null,
  role text not null default 'teammate'::text,
  is_developer boolean not null default false,
  is_available boolean not null default true,
  is_blocked boolean not null default false,
  created_at timestamp with time zone not null default now(),
  custom_fields jsonb not null default '{}'::jsonb,
  preferences jsonb not null default '{}'::jsonb,
  constraint teammate_pkey PRIMARY KEY (company_id, id),
  constraint teammate_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'teammate'::text, 'observer'::text])))
)

table thread_key (
  company_id bigint not null,
  channel_id bigint not null,
  kind text not null,
  key text collate "C" not null,
  conversation_id bigint not null,
  id bigint not null,
  constraint thread_key_kind_check CHECK ((kind = ANY (ARRAY['ref'::text, 'sender'::text, 'call'::text]))),
  constraint thread_key_pkey PRIMARY KEY (company_id, channel_id, kind, key)
)

table webhook (
  company_id bigint not null,
  id bigint not null,
  kind text not null,
  app_uid text,
  rule_id bigint,
  url text not null,
  bearer_sealed bytea,
  event_types text[] not null default '{}'::text[],
  payload text not null default 'full'::text,
  state text not null default 'active'::text,
  state_reason text,
  state_at timestamp with time zone not null default now(),
  position bigint not null default 0,
  failures integer not null default 0,
  failing_since bigint,
  due_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  lease_token bigint not null default 0,
  leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint webhook_kind_check CHECK ((kind = ANY (ARRAY['application'::text, 'rule'::text]))),
  constraint webhook_payload_check CHECK ((payload = ANY (ARRAY['full'::text, 'preview'::text]))),
  constraint webhook_pkey PRIMARY KEY (company_id, id),
  constraint webhook_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text])))
)

CREATE INDEX api_call_at ON public.api_call USING btree (at)
CREATE INDEX api_call_channel ON public.api_call USING btree (company_id, channel_id, id DESC)
CREATE INDEX api_call_external_id ON public.api_call USING btree (company_id, external_id) WHERE (external_id IS NOT NULL)
CREATE UNIQUE INDEX api_call_pkey ON public.api_call USING btree (company_id, id)
CREATE INDEX api_call_uid ON public.api_call USING btree (company_id, message_uid) WHERE (message_uid IS NOT NULL)
CREATE UNIQUE INDEX api_token_id ON public.api_token USING btree (company_id, id)
CREATE UNIQUE INDEX api_token_pkey ON public.api_token USING btree (token_hash)
CREATE INDEX app_company ON public.app USING btree (company_id, created_at)
CREATE UNIQUE INDEX app_pkey ON public.app USING btree (uid)
CREATE INDEX attachment_message ON public.attachment USING btree (company_id, message_id, "position")
CREATE UNIQUE INDEX attachment_pkey ON public.attachment USING btree (company_id, id)
CREATE INDEX attachment_sha256 ON public.attachment USING btree (sha256)
CREATE UNIQUE INDEX attempt_pkey ON public.attempt USING btree (company_id, delivery_id, number)
CREATE UNIQUE INDEX audit_chain ON public.audit USING btree (company_id, "position") WHERE ("position" IS NOT NULL)
CREATE UNIQUE INDEX audit_pkey ON public.audit USING btree (company_id, id)
CREATE INDEX audit_target ON public.audit USING btree (company_id, noun, target, id)
CREATE INDEX audit_unchained ON public.audit USING btree (company_id, id) WHERE ("position" IS NULL)
CREATE UNIQUE INDEX call_external_id ON public.call USING btree (company_id, channel_id, external_id)
CREATE UNIQUE INDEX call_pkey ON public.call USING btree (company_id, id)
CREATE UNIQUE INDEX call_recording_pkey ON public.call_recording USING btree (company_id, call_id, attachment_id)
CREATE UNIQUE INDEX call_step_pkey ON public.call_step USING btree (company_id, call_id, number)
CREATE INDEX call_words ON public.call USING gin (((to_tsvector('simple'::regconfig, "left"(COALESCE(summary, ''::text), 100000)) || jsonb_to_tsvector('simple'::regconfig, jsonb_path_query_array(COALESCE(transcript, '[]'::jsonb), '$[*]."content"'::jsonpath), '["string"]'::jsonb))))
CREATE UNIQUE INDEX channel_address ON public.channel USING btree (company_id, app_uid, address) WHERE ((deleted_at IS NULL) AND (app_uid IS NOT NULL))
CREATE UNIQUE INDEX channel_import ON public.channel USING btree (company_id, inbox_id) WHERE (kind = 'import'::text)
CREATE INDEX channel_inbox ON public.channel USING btree (company_id, inbox_id) WHERE (deleted_at IS NULL)
CREATE INDEX channel_offline ON public.channel USING btree (company_id, id) WHERE ((status = 'offline'::text) AND (deleted_at IS NULL))
CREATE INDEX channel_parking ON public.channel USING btree (company_id, id) WHERE (parking IS NOT NULL)
CREATE UNIQUE INDEX channel_pkey ON public.channel USING btree (company_id, id)
CREATE INDEX channel_sign_in_expiry ON public.channel_sign_in USING btree (expires_at)
CREATE UNIQUE INDEX channel_sign_in_pkey ON public.channel_sign_in USING btree (state_hash)
CREATE UNIQUE INDEX channel_template_external_id ON public.channel_template USING btree (company_id, channel_id, external_id)
CREATE UNIQUE INDEX channel_template_pkey ON public.channel_template USING btree (company_id, id)
CREATE INDEX channel_tokens_due ON public.channel USING btree (tokens_due_at) WHERE ((tokens_due_at IS NOT NULL) AND (deleted_at IS NULL))
CREATE INDEX comment_conversation ON public.comment USING btree (company_id, conversation_id, id)
CREATE UNIQUE INDEX comment_pkey ON public.comment USING btree (company_id, id)
CREATE INDEX comment_words ON public.comment USING gin (to_tsvector('simple'::regconfig, "left"(text, 100000)))
CREATE UNIQUE INDEX company_feed_pkey ON public.company_feed USING btree (company_id)
CREATE UNIQUE INDEX company_pkey ON public.company USING btree (id)
CREATE INDEX contact_avatar ON public.contact USING btree (avatar_sha256) WHERE (avatar_sha256 IS NOT NULL)
CREATE INDEX contact_created ON public.contact USING btree (company_id, created_at, id)
CREATE INDEX contact_different_other ON public.contact_different USING btree (company_id, other_id)
CREATE UNIQUE INDEX contact_different_pkey ON public.contact_different USING btree (company_id, one_id, other_id)
CREATE INDEX contact_handle_begins ON public.contact_handle USING btree (company_id, handle text_pattern_ops)
CREATE INDEX contact_handle_contact ON public.contact_handle USING btree (company_id, contact_id)
CREATE UNIQUE INDEX contact_handle_pkey ON public.contact_handle USING btree (company_id, source, handle)
CREATE INDEX contact_list_member_contact ON public.contact_list_member USING btree (company_id, contact_id)
CREATE UNIQUE INDEX contact_list_member_pkey ON public.contact_list_member USING btree (company_id, list_id, contact_id)
CREATE UNIQUE INDEX contact_list_name ON public.contact_list USING btree (company_id, owner_kind, owner_id, name) NULLS NOT DISTINCT
CREATE UNIQUE INDEX contact_list_pkey ON public.contact_list USING btree (company_id, id)
CREATE INDEX contact_name ON public.contact USING btree (company_id, ((name IS NULL)), COALESCE(lower("left"(name, 200)), ''::text), id)
CREATE INDEX contact_note_contact ON public.contact_note USING btree (company_id, contact_id, id)
CREATE UNIQUE INDEX contact_note_pkey ON public.contact_note USING btree (company_id, id)
CREATE INDEX contact_owner ON public.contact USING btree (company_id, owner_kind, owner_id) WHERE (owner_kind <> 'company'::text)
CREATE UNIQUE INDEX contact_pkey ON public.contact USING btree (company_id, id)
CREATE INDEX contact_updated ON public.contact USING btree (company_id, updated_at, id)
CREATE INDEX contact_words ON public.contact USING gin (to_tsvector('simple'::regconfig, COALESCE(name, ''::text)))
CREATE INDEX conversation_assignee ON public.conversation USING btree (company_id, assignee_id, status, activity_at DESC, id DESC) INCLUDE (inbox_id, channel_id) WHERE ((merged_into IS NULL) AND (assignee_id IS NOT NULL))
CREATE INDEX conversation_contact ON public.conversation USING btree (company_id, contact_id)
CREATE INDEX conversation_failed ON public.conversation USING btree (company_id, activity_at DESC, id DESC) WHERE ((failed_count > 0) AND (merged_into IS NULL))
CREATE UNIQUE INDEX conversation_follower_pkey ON public.conversation_follower USING btree (company_id, conversation_id, teammate_id)
CREATE INDEX conversation_follower_teammate ON public.conversation_follower USING btree (company_id, teammate_id, conversation_id)
CREATE INDEX conversation_inbox ON public.conversation USING btree (company_id, inbox_id, status, activity_at DESC, id DESC) WHERE (merged_into IS NULL)
CREATE INDEX conversation_link_link ON public.conversation_link USING btree (company_id, link_id, conversation_id)
CREATE UNIQUE INDEX conversation_link_pkey ON public.conversation_link USING btree (company_id, conversation_id, link_id)
CREATE INDEX conversation_list ON public.conversation USING btree (company_id, status, activity_at DESC, id DESC) INCLUDE (inbox_id, channel_id, assignee_id) WHERE (merged_into IS NULL)
CREATE INDEX conversation_merged ON public.conversation USING btree (company_id, merged_into) WHERE (merged_into IS NOT NULL)
CREATE UNIQUE INDEX conversation_pkey ON public.conversation USING btree (company_id, id)
CREATE UNIQUE INDEX conversation_read_pkey ON public.conversation_read USING btree (company_id, conversation_id, teammate_id)
CREATE INDEX conversation_reminder_due ON public.conversation_reminder USING btree (scheduled_at)
CREATE UNIQUE INDEX conversation_reminder_pkey ON public.conversation_reminder USING btree (company_id, conversation_id, teammate_id)
CREATE INDEX conversation_reminder_teammate ON public.conversation_reminder USING btree (company_id, teammate_id, conversation_id)
CREATE INDEX conversation_subject ON public.conversation USING gin (to_tsvector('simple'::regconfig, "left"(subject, 100000))) WHERE (type <> 'conversation'::text)
CREATE UNIQUE INDEX conversation_tag_pkey ON public.conversation_tag USING btree (company_id, conversation_id, tag_id)
CREATE INDEX conversation_tag_tag ON public.conversation_tag USING btree (company_id, tag_id, conversation_id)
CREATE INDEX conversation_waiting ON public.conversation USING btree (company_id, COALESCE(waiting_since, 'infinity'::timestamp with time zone), id) INCLUDE (inbox_id, channel_id, assignee_id) WHERE ((status = 'open'::text) AND (merged_into IS NULL))
CREATE UNIQUE INDEX custom_field_name ON public.custom_field USING btree (company_id, resource, name)
CREATE UNIQUE INDEX custom_field_pkey ON public.custom_field USING btree (company_id, id)
CREATE INDEX delivery_failed ON public.delivery USING btree (company_id, channel_id, id) WHERE (state = ANY (ARRAY['failed'::text, 'unknown'::text]))
CREATE INDEX delivery_finished ON public.delivery USING btree (finished_at, id) WHERE (finished_at IS NOT NULL)
CREATE INDEX delivery_held ON public.delivery USING btree (due_at) WHERE (state = 'held'::text)
CREATE INDEX delivery_log ON public.delivery USING btree (company_id, channel_id, id DESC)
CREATE INDEX delivery_message ON public.delivery USING btree (company_id, message_id)
CREATE INDEX delivery_open ON public.delivery USING btree (company_id, conversation_id, sequence, number) WHERE (state = ANY (ARRAY['held'::text, 'queued'::text, 'waiting'::text, 'sending'::text]))
CREATE UNIQUE INDEX delivery_pkey ON public.delivery USING btree (company_id, id)
CREATE INDEX delivery_ready_notice ON public.delivery USING btree (company_id, channel_id, due_at) WHERE (ready AND (state = ANY (ARRAY['queued'::text, 'waiting'::text])) AND (sequence <> 'send'::text))
CREATE INDEX delivery_ready_send ON public.delivery USING btree (company_id, channel_id, due_at) WHERE (ready AND (state = ANY (ARRAY['queued'::text, 'waiting'::text])) AND (sequence = 'send'::text))
CREATE INDEX delivery_sending ON public.delivery USING btree (company_id, channel_id) WHERE (state = 'sending'::text)
CREATE INDEX delivery_told_again ON public.delivery USING btree (company_id, channel_id, created_at) WHERE (replay_of IS NOT NULL)
CREATE INDEX delivery_waiting_send ON public.delivery USING btree (company_id, channel_id, due_at, stepped_aside, number) WHERE ((sequence = 'send'::text) AND (state = ANY (ARRAY['queued'::text, 'waiting'::text])))
CREATE INDEX delivery_webhook_log ON public.delivery USING btree (company_id, webhook_id, id DESC) WHERE (webhook_id IS NOT NULL)
CREATE INDEX delivery_webhook_open ON public.delivery USING btree (company_id, webhook_id, id) WHERE ((webhook_id IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'waiting'::text, 'sending'::text])))
CREATE INDEX draft_author ON public.draft USING btree (company_id, author_id, id) WHERE (author_id IS NOT NULL)
CREATE INDEX draft_conversation ON public.draft USING btree (company_id, conversation_id, id)
CREATE UNIQUE INDEX draft_pkey ON public.draft USING btree (company_id, id)
CREATE UNIQUE INDEX draft_uid ON public.draft USING btree (company_id, uid)
CREATE UNIQUE INDEX erasure_pkey ON public.erasure USING btree (company_id, id)
CREATE INDEX event_activity ON public.event USING btree (company_id, conversation_id, emitted_at DESC, "position" DESC) WHERE (type = ANY (ARRAY['assign'::text, 'unassign'::text, 'archive'::text, 'reopen'::text, 'trash'::text, 'restore'::text, 'reminder'::text, 'snooze'::text, 'move'::text, 'tag'::text, 'untag'::text, 'conversations_merged'::text, 'link_added'::text, 'link_removed'::text, 'custom_field_updated'::text]))
CREATE INDEX event_channel_status ON public.event USING btree (company_id, ((target ->> 'channel_id'::text)), emitted_at DESC, "position" DESC) WHERE (type = 'channel_status'::text)
CREATE INDEX event_conversation ON public.event USING btree (company_id, conversation_id, "position" DESC) WHERE is_public
CREATE UNIQUE INDEX event_id ON public.event USING btree (company_id, id)
CREATE UNIQUE INDEX event_pkey ON public.event USING btree (company_id, "position")
CREATE INDEX event_reply_kept ON public.event USING btree (company_id, conversation_id, "position") WHERE (type = 'reply_kept'::text)
CREATE INDEX event_type ON public.event USING btree (company_id, type, "position" DESC) WHERE (is_public AND (type <> ALL (ARRAY['inbound'::text, 'outbound'::text, 'out_reply'::text])))
CREATE INDEX external_message_id_message ON public.external_message_id USING btree (company_id, message_id)
CREATE UNIQUE INDEX external_message_id_pkey ON public.external_message_id USING btree (company_id, channel_id, external_id)
CREATE UNIQUE INDEX file_removal_pkey ON public.file_removal USING btree (sha256)
CREATE UNIQUE INDEX identity_account_person ON public.identity_account USING btree ("providerId", "accountId")
CREATE UNIQUE INDEX identity_account_pkey ON public.identity_account USING btree (id)
CREATE INDEX identity_account_user ON public.identity_account USING btree ("userId")
CREATE INDEX identity_passkey_identity ON public.identity_passkey USING btree (identity_id)
CREATE UNIQUE INDEX identity_passkey_pkey ON public.identity_passkey USING btree (id)
CREATE UNIQUE INDEX identity_session_pkey ON public.identity_session USING btree (id)
CREATE UNIQUE INDEX identity_session_token_key ON public.identity_session USING btree (token)
CREATE INDEX identity_session_user ON public.identity_session USING btree ("userId")
CREATE UNIQUE INDEX identity_user_email_key ON public.identity_user USING btree (email)
CREATE UNIQUE INDEX identity_user_pkey ON public.identity_user USING btree (id)
CREATE INDEX identity_verification_identifier ON public.identity_verification USING btree (identifier)
CREATE UNIQUE INDEX identity_verification_pkey ON public.identity_verification USING btree (id)
CREATE INDEX inbox_owner ON public.inbox USING btree (company_id, teammate_id) WHERE (teammate_id IS NOT NULL)
CREATE UNIQUE INDEX inbox_pkey ON public.inbox USING btree (company_id, id)
CREATE INDEX inbox_team ON public.inbox USING btree (company_id, team_id)
CREATE UNIQUE INDEX inbox_teammate_pkey ON public.inbox_teammate USING btree (company_id, inbox_id, teammate_id)
CREATE INDEX inbox_teammate_teammate ON public.inbox_teammate USING btree (company_id, teammate_id)
CREATE UNIQUE INDEX installation_pkey ON public.installation USING btree (key)
CREATE UNIQUE INDEX invitation_email ON public.invitation USING btree (company_id, lower(email)) WHERE ((used_at IS NULL) AND (teammate_id IS NULL))
CREATE UNIQUE INDEX invitation_pkey ON public.invitation USING btree (company_id, id)
CREATE UNIQUE INDEX invitation_token ON public.invitation USING btree (token_hash)
CREATE INDEX lane_due ON public.lane USING btree (due_at)
CREATE INDEX lane_leased ON public.lane USING btree (leased_until) WHERE (leased_by IS NOT NULL)
CREATE UNIQUE INDEX lane_pkey ON public.lane USING btree (company_id, channel_id)
CREATE UNIQUE INDEX link_external_url ON public.link USING btree (company_id, md5(external_url))
CREATE UNIQUE INDEX link_pkey ON public.link USING btree (company_id, id)
CREATE UNIQUE INDEX listener_app ON public.listener USING btree (company_id, app_uid)
CREATE UNIQUE INDEX listener_pkey ON public.listener USING btree (company_id, id)
CREATE INDEX message_auto_reply ON public.message USING btree (company_id, conversation_id) WHERE (origin = 'auto_reply'::text)
CREATE INDEX message_calls ON public.message USING btree (company_id, conversation_id, created_at) WHERE (type = 'call'::text)
CREATE UNIQUE INDEX message_client_key ON public.message USING btree (company_id, client_key) WHERE (client_key IS NOT NULL)
CREATE INDEX message_conversation ON public.message USING btree (company_id, conversation_id, created_at DESC, number DESC)
CREATE INDEX message_failed ON public.message USING btree (company_id, conversation_id) WHERE (error_code IS NOT NULL)
CREATE INDEX message_handles ON public.message USING gin (jsonb_path_query_array(recipients, '$[*]."handle"'::jsonpath)) WHERE (deleted_at IS NULL)
CREATE UNIQUE INDEX message_pkey ON public.message USING btree (company_id, id)
CREATE UNIQUE INDEX message_seen_pkey ON public.message_seen USING btree (company_id, message_id)
CREATE UNIQUE INDEX message_template_attachment_pkey ON public.message_template_attachment USING btree (company_id, id)
CREATE INDEX message_template_attachment_sha256 ON public.message_template_attachment USING btree (sha256)
CREATE INDEX message_template_attachment_template ON public.message_template_attachment USING btree (company_id, template_id, "position")
CREATE INDEX message_template_folder_owner ON public.message_template_folder USING btree (company_id, owner_kind, owner_id, id)
CREATE INDEX message_template_folder_parent ON public.message_template_folder USING btree (company_id, parent_id) WHERE (parent_id IS NOT NULL)
CREATE UNIQUE INDEX message_template_folder_pkey ON public.message_template_folder USING btree (company_id, id)
CREATE INDEX message_template_folder_place ON public.message_template USING btree (company_id, folder_id) WHERE (folder_id IS NOT NULL)
CREATE INDEX message_template_owner ON public.message_template USING btree (company_id, owner_kind, owner_id, id)
CREATE UNIQUE INDEX message_template_pkey ON public.message_template USING btree (company_id, id)
CREATE UNIQUE INDEX message_uid ON public.message USING btree (company_id, uid)
CREATE INDEX message_words ON public.message USING gin (to_tsvector('simple'::regconfig, "left"(((subject || ' '::text) || text), 100000))) WHERE (deleted_at IS NULL)
CREATE UNIQUE INDEX migration_pkey ON public.migration USING btree (number)
CREATE UNIQUE INDEX notification_preference_pkey ON public.notification_preference USING btree (company_id, teammate_id)
CREATE INDEX oauth_client_company ON public.oauth_client USING btree (company_id, id) WHERE (deleted_at IS NULL)
CREATE UNIQUE INDEX oauth_client_pkey ON public.oauth_client USING btree (id)
CREATE INDEX oauth_grant_client ON public.oauth_grant USING btree (company_id, client_id, id DESC) WHERE (revoked_at IS NULL)
CREATE UNIQUE INDEX oauth_grant_pkey ON public.oauth_grant USING btree (company_id, id)
CREATE INDEX oauth_secret_grant ON public.oauth_secret USING btree (company_id, grant_id, expires_at)
CREATE UNIQUE INDEX oauth_secret_pkey ON public.oauth_secret USING btree (hash)
CREATE INDEX private_handle_contact ON public.private_handle USING btree (company_id, contact_id)
CREATE UNIQUE INDEX private_handle_pkey ON public.private_handle USING btree (company_id, source, handle, teammate_id)
CREATE UNIQUE INDEX rate_limit_pkey ON public.rate_limit USING btree (company_id)
CREATE INDEX relay_listener ON public.relay USING btree (company_id, listener_id, id)
CREATE UNIQUE INDEX relay_pkey ON public.relay USING btree (company_id, id)
CREATE UNIQUE INDEX rule_cursor_pkey ON public.rule_cursor USING btree (company_id)
CREATE INDEX rule_order ON public.rule USING btree (company_id, "position", id)
CREATE UNIQUE INDEX rule_pkey ON public.rule USING btree (company_id, id)
CREATE UNIQUE INDEX rule_run_pkey ON public.rule_run USING btree (company_id, rule_id, message_id)
CREATE INDEX rule_run_recent ON public.rule_run USING btree (company_id, created_at)
CREATE INDEX rule_run_reply ON public.rule_run USING btree (company_id, reply_message_id) WHERE (reply_message_id IS NOT NULL)
CREATE UNIQUE INDEX rule_secret_pkey ON public.rule_secret USING btree (company_id)
CREATE UNIQUE INDEX shift_pkey ON public.shift USING btree (company_id, id)
CREATE UNIQUE INDEX shift_teammate_pkey ON public.shift_teammate USING btree (company_id, shift_id, teammate_id)
CREATE INDEX shift_teammate_teammate ON public.shift_teammate USING btree (company_id, teammate_id)
CREATE INDEX sign_in_step_expires ON public.sign_in_step USING btree (expires_at)
CREATE UNIQUE INDEX sign_in_step_pkey ON public.sign_in_step USING btree (token_hash)
CREATE UNIQUE INDEX signature_default ON public.signature USING btree (company_id, owner_kind, owner_id) WHERE is_default
CREATE INDEX signature_owner ON public.signature USING btree (company_id, owner_kind, owner_id, id)
CREATE UNIQUE INDEX signature_pkey ON public.signature USING btree (company_id, id)
CREATE UNIQUE INDEX simulated_app_pkey ON public.simulated_app USING btree (company_id)
CREATE INDEX tag_owner ON public.tag USING btree (company_id, owner_kind, owner_id, id)
CREATE INDEX tag_parent ON public.tag USING btree (company_id, parent_id, id) WHERE (parent_id IS NOT NULL)
CREATE UNIQUE INDEX tag_pkey ON public.tag USING btree (company_id, id)
CREATE UNIQUE INDEX team_pkey ON public.team USING btree (company_id, id)
CREATE UNIQUE INDEX team_teammate_pkey ON public.team_teammate USING btree (company_id, team_id, teammate_id)
CREATE INDEX team_teammate_teammate ON public.team_teammate USING btree (company_id, teammate_id)
CREATE UNIQUE INDEX teammate_email ON public.teammate USING btree (company_id, lower(email))
CREATE INDEX teammate_identity ON public.teammate USING btree (identity_id)
CREATE UNIQUE INDEX teammate_pkey ON public.teammate USING btree (company_id, id)
CREATE UNIQUE INDEX teammate_username ON public.teammate USING btree (company_id, lower(username))
CREATE INDEX thread_key_conversation ON public.thread_key USING btree (company_id, conversation_id, id)
CREATE UNIQUE INDEX thread_key_pkey ON public.thread_key USING btree (company_id, channel_id, kind, key)
CREATE INDEX webhook_active ON public.webhook USING btree (due_at) WHERE ((state = 'active'::text) AND (deleted_at IS NULL))
CREATE INDEX webhook_app ON public.webhook USING btree (company_id, app_uid, id) WHERE ((deleted_at IS NULL) AND (kind = 'application'::text))
CREATE UNIQUE INDEX webhook_pkey ON public.webhook USING btree (company_id, id)

sequence audit_id_seq start 1 increment 1
sequence object_id_block start 1000 increment 1
