/// A running replication connection: reads ahead, decodes, confirms, and monitors. The one place
/// that chooses a decoder.
package dev.tapline.source.postgres.replication.stream;
