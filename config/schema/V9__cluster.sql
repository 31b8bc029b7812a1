-- One database, one cluster: which it is, which of its nodes are alive, and what only one of them may do.

CREATE TABLE cluster (
    id       uuid    NOT NULL DEFAULT gen_random_uuid(),
    name     text    NOT NULL,
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);

-- A node is here from its start to its end. Whoever writes to the journal holds its own row meanwhile, so that a node whose
-- row is gone can write no more.
CREATE TABLE cluster_node (
    name        text        PRIMARY KEY,
    -- Of this start of the node.
    incarnation uuid        NOT NULL UNIQUE,
    -- host:port where other nodes reach it; empty before it listens.
    address     text        NOT NULL DEFAULT '',
    -- Whether others may join the cluster there.
    joined      boolean     NOT NULL DEFAULT false,
    protocol    int         NOT NULL,
    -- By this database's clock. Renewed all the time; once it has passed, anybody may end the node by deleting its row.
    alive_until timestamptz NOT NULL
);

-- Shards, singletons and the right to go on after a partition. That of a node that is not in cluster_node is free.
CREATE TABLE cluster_lease (
    name        text PRIMARY KEY,
    incarnation uuid NOT NULL
);
