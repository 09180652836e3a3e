/// Decodes values in the binary send formats, and binary COPY.
package dev.tapline.source.postgres.codec.binary;
