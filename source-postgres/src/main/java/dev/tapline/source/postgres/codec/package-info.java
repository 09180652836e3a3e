/// What the decoders of both wire formats share.
package dev.tapline.source.postgres.codec;
