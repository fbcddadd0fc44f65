using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Topics;

internal static class RetentionText
{
    public static string Of(TopicSettings settings) => (settings.RetentionAge, settings.RetentionBytes) switch
    {
        (null, null) => "for ever",
        ({ } age, null) => Format.Span(age),
        (null, { } bytes) => $"{Format.Bytes(bytes)} a partition",
        ({ } age, { } bytes) => $"{Format.Span(age)} or {Format.Bytes(bytes)} a partition",
    };
}
