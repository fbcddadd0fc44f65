using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Client.Consuming;
using Orleans.Pipeline.Client.Http;
using Orleans.Pipeline.Client.Producing;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Telemetry.Tests.Hosting;

namespace Orleans.Pipeline.Telemetry.Tests.Documentation;

/// <summary>docs/telemetry.md says what the code measures, all of it and nothing else.</summary>
public sealed partial class DocumentationTests : IClassFixture<DocumentationTests.JobDone>
{
    /// <summary>What only a silo has; tests/Cluster sees it.</summary>
    private const string OfSilos = "pipeline.cluster.silos";

    /// <summary>What is measured of Orleans streams as sources; tests/Cluster sees it.</summary>
    private const string OfStreams = "pipeline.topic.stream.repeats";

    private readonly JobDone _done;

    public DocumentationTests(JobDone done) => _done = done;

    [Fact]
    public void Every_instrument_of_the_code_is_in_the_tables_and_none_else()
    {
        var registered = RegisteredInstruments.All(_done.Measurements.Select(seen => seen.Instrument));

        Assert.Equal(
            TelemetryPage.Instruments.Keys.Order(StringComparer.Ordinal), registered.Keys.Append(OfSilos).Order(StringComparer.Ordinal));
        Assert.All(registered.Values, instrument =>
        {
            var documented = TelemetryPage.Instruments[instrument.Name];
            Assert.Equal(
                (instrument.Name, documented.Type, documented.Unit),
                (instrument.Name, RegisteredInstruments.TypeOf(instrument), instrument.Unit));
            Assert.False(string.IsNullOrEmpty(instrument.Description));
        });
    }

    [Fact]
    public void Every_instrument_is_seen_while_a_job_runs_with_the_attributes_of_the_tables_and_no_other()
    {
        var seen = _done.Measurements.GroupBy(seen => seen.Name).ToDictionary(
            group => group.Key, group => group.SelectMany(seen => seen.Tags.Keys).ToHashSet());

        var documented = TelemetryPage.Instruments.Values.Where(instrument => instrument.Name is not (OfSilos or OfStreams)).ToList();
        Assert.NotEmpty(documented);
        Assert.All(documented, instrument => Assert.Equal(
            (instrument.Name, string.Join(", ", instrument.Attributes.Order(StringComparer.Ordinal))),
            (instrument.Name, string.Join(", ", seen.GetValueOrDefault(instrument.Name, []).Order(StringComparer.Ordinal)))));
    }

    [Fact]
    public void Every_measurement_has_every_attribute_of_its_instrument_but_for_an_error_where_there_is_none() => Assert.All(
        _done.Measurements,
        seen => Assert.Equal(
            (
                seen.Name,
                string.Join(", ", TelemetryPage.Instruments[seen.Name].Attributes.Except(MayHaveNone(seen)).Order(StringComparer.Ordinal))),
            (seen.Name, string.Join(", ", seen.Tags.Keys.Except(MayHaveNone(seen)).Order(StringComparer.Ordinal)))));

    [Fact]
    public void Every_attribute_of_a_hosts_instruments_is_explained() => Assert.All(
        TelemetryPage.Instruments.Values.Where(instrument => !IsOfClients(instrument.Name)).SelectMany(instrument => instrument.Attributes),
        attribute => Assert.Equal(attribute.Replace('.', '_'), TelemetryPage.Attributes[attribute]));

    [Fact]
    public void Every_span_has_the_attributes_of_the_table_and_no_other()
    {
        foreach (var documented in TelemetryPage.Spans)
        {
            var name = new Regex($"^{Place().Replace(documented.Name, "[^ /]+")}$");
            var spans = _done.Spans.Where(span => name.IsMatch(span.DisplayName)).ToList();
            Assert.True(spans.Count > 0, $"No span is named '{documented.Name}'.");
            Assert.All(spans, span => Assert.Equal(documented.Kind, span.Kind.ToString().ToLowerInvariant()));
            var attributes = spans.SelectMany(span => span.TagObjects.Select(tag => tag.Key)).Append("error.type").ToHashSet();
            Assert.Equal(
                (documented.Name, string.Join(", ", documented.Attributes.Append("error.type").Distinct().Order(StringComparer.Ordinal))),
                (documented.Name, string.Join(", ", attributes.Order(StringComparer.Ordinal))));
        }

        Assert.All(_done.Spans.Where(span => span.DisplayName != "request"), span => Assert.Contains(
            TelemetryPage.Spans, documented => Regex.IsMatch(span.DisplayName, $"^{Place().Replace(documented.Name, "[^ /]+")}$")));
    }

    [Fact]
    public async Task The_names_for_Prometheus_are_those_of_the_page()
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(
            Job.Define, new Dictionary<string, string?>(Job.Configuration) { ["Telemetry:Partitions"] = "true" });
        await new Job(host, recorder).RunAsync();

        var series = (await host.MetricsAsync()).Text.Split('\n').Select(line => line.Split('{', ' ')[0]).ToHashSet();
        Assert.All(
            TelemetryPage.Instruments.Values.Where(instrument => !IsOfClients(instrument.Name) && instrument.Name is not (OfSilos or OfStreams)),
            instrument => Assert.Contains(instrument.Type == "histogram" ? $"{instrument.Prometheus}_bucket" : instrument.Prometheus, series));
    }

    [Fact]
    public void Every_setting_is_there_with_its_variable_and_its_default() => Assert.All(
        typeof(TelemetrySettings).GetProperties(BindingFlags.Public | BindingFlags.Instance),
        setting => Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\n| `{setting.Name}` | `Telemetry__{setting.Name}` | `{Lower(setting.GetValue(new TelemetrySettings())!)}` |"),
            TelemetryPage.Text,
            StringComparison.Ordinal));

    [Fact]
    public void The_code_compiles()
    {
        var source = Flatten(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documentation", "TelemetryDocument.cs")));
        var blocks = CodeBlock().Matches(TelemetryPage.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Flatten(block), source, StringComparison.Ordinal));
    }

    private static bool IsOfClients(string instrument) =>
        instrument.Split('.') is ["messaging", ..] or ["pipeline", "producer" or "consumer" or "client", ..];

    /// <summary>What takes its time, or is sent, may succeed; what is counted because it failed may not.</summary>
    private static string[] MayHaveNone(Seen seen) =>
        seen.Name.EndsWith(".duration", StringComparison.Ordinal) || seen.Name == "messaging.client.sent.messages" ? ["error.type"] : [];

    private static object Lower(object value) => value is bool truth ? (truth ? "true" : "false") : value;

    private static string Flatten(string code) => Space().Replace(code, " ").Trim();

    [GeneratedRegex("<[a-z]+>")]
    private static partial Regex Place();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>What was measured and traced of a job to which everything happens.</summary>
    public sealed class JobDone : IAsyncLifetime
    {
        internal IReadOnlyList<Seen> Measurements { get; private set; } = [];

        internal IReadOnlyList<Activity> Spans { get; private set; } = [];

        public async Task InitializeAsync()
        {
            using var recorder = new Recorder();
            await using (var host = await TelemetryHost.StartAsync(Job.Define, Job.Configuration))
            {
                await new Job(host, recorder).RunAsync();
                await FailToReadAsync();
                StumbleAsClient();
            }

            (Measurements, Spans) = (recorder.Measurements, recorder.Spans);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        /// <summary>What happens to clients whose gateways die and whose records are removed; tests/Gateway lets it happen.</summary>
        private static void StumbleAsClient()
        {
            var producer = new ProducerTelemetry("events");
            producer.NoteRetry();
            producer.NotePushBack(TimeSpan.FromSeconds(1));
            var consumer = new ConsumerTelemetry("events");
            consumer.NoteRetry();
            consumer.NoteLost(1);
            consumer.NoteLag(1);
            var gateway = new GatewayTelemetry();
            gateway.NoteLost();
            gateway.NoteAnswered(new Uri("http://localhost:5080"));
        }

        /// <summary>A disk does not fail on demand.</summary>
        private static async Task FailToReadAsync()
        {
            var store = new Storage.StoreTelemetry("sqlite");
            await Assert.ThrowsAsync<IOException>(() => store.MeasureReadAsync<int>(static () => throw new IOException("No disk.")));
            await Assert.ThrowsAsync<IOException>(() => store.MeasureTrimAsync<int>(static () => throw new IOException("No disk.")));
        }
    }
}
