/// Encryption: certificates, keys, and the explanation of a failed handshake.
package dev.tapline.source.postgres.connection.tls;
