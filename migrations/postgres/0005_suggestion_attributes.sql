-- What a model says of an object besides its class: text it read, an age, an emotion.
ALTER TABLE suggestions ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
