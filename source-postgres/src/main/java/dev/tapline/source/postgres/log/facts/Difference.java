package dev.tapline.source.postgres.log.facts;

/// Something that is not as it was when a position was taken.
///
/// @param notice what it is
/// @param sentence what people are told, without the stream's name: `partition public.p3 was
///   attached ...`
/// @param consequence what follows; that of the notice unless the descriptor says otherwise
public record Difference(Notice notice, String sentence, Consequence consequence) {
  /// One with the usual consequence.
  static Difference of(Notice notice, String sentence) {
    return new Difference(notice, sentence, notice.consequence());
  }
}
