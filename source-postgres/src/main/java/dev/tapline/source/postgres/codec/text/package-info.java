/// Decodes values in their text forms.
package dev.tapline.source.postgres.codec.text;
