using System.Text.Json;
using System.Text.Json.Serialization;
using static Orleans.Pipeline.Sink;

namespace Orleans.Pipeline.Numbers;

/// <summary>A record that can be missed: the numbers of a key are sent in order, 0, 1, 2 and so on.</summary>
public sealed record Numbered(string Key, int Number)
{
    /// <summary>Whether a number is sent malformed, so that it becomes a dead letter.</summary>
    public static bool IsMalformed(int number) => number % 50 == 49;

    /// <summary>The record as it is sent: a malformed number is written as a text.</summary>
    public string ToJson() => IsMalformed(Number)
        ? $$"""{"key":"{{Key}}","number":"{{Number}}"}"""
        : JsonSerializer.Serialize(this, NumbersJson.Default.Numbered);
}

/// <summary>A pipeline with every kind of effect, over two stages.</summary>
public static class NumbersPipeline
{
    public const string Name = "numbers";
    public const string Source = "numbers";
    public const string Copied = "numbers.copied";
    public const string DeadLetters = "numbers.dead-letters";
    public const string CountsTable = "counts";
    public const string RowsTable = "number_rows";
    public const string CopiesTable = "copy_rows";

    /// <param name="pipelines">Takes the pipeline.</param>
    /// <param name="files">Where its JSON lines go.</param>
    /// <param name="mended">Whether it takes malformed numbers too, as after a mistake in it was mended.</param>
    public static void Define(PipelineCatalog pipelines, string files, bool mended = false) => pipelines
        .UseJson(mended ? NumbersJson.Mended : NumbersJson.Default)
        .Add(Name, pipeline =>
        {
            pipeline.From<Numbered>(Source, partitions: 4)
                .To(Table.Add<Numbered>(CountsTable)
                    .Key("name", number => number.Key)
                    .Sum("records", _ => 1L)
                    .Sum("total", number => number.Number))
                .To(Table.Insert<Numbered>(RowsTable)
                    .Column("name", number => number.Key)
                    .Column("number", number => (long?)number.Number))
                .To(JsonLines(files, fileTime: TimeSpan.FromMilliseconds(50)))
                .To(Topic(Copied));
            pipeline.From<Numbered>(Copied)
                .To(Table.Insert<Numbered>(CopiesTable)
                    .Column("name", number => number.Key)
                    .Column("number", number => (long?)number.Number));
        });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Numbered))]
public sealed partial class NumbersJson : JsonSerializerContext
{
    /// <summary>As the default, but numbers may be written as texts.</summary>
    public static NumbersJson Mended { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    });
}
