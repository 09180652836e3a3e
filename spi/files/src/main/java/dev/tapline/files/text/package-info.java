/// Values as text.
package dev.tapline.files.text;
