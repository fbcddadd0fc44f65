using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Support;

/// <summary>A Prometheus server of the test's own, which scrapes each target and evaluates rules once a second.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Listening = "msg=\"Listening on\" address=";
    private const string Ready = "Server is ready to receive web requests";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleans-pipeline-prometheus-");
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _log = new();
    private readonly HttpClient _http = new();
    private readonly PrometheusPeers _peers;
    private readonly Process _process;

    private PrometheusServer(PrometheusPeers peers)
    {
        _peers = peers;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(PrometheusInstallation.Server!,
            [
                $"--config.file={InDirectory("prometheus.yml")}",
                $"--storage.tsdb.path={InDirectory("data")}",
                "--web.listen-address=127.0.0.1:0",
            ])
            {
                RedirectStandardError = true,
                WorkingDirectory = _directory.FullName,
            },
            EnableRaisingEvents = true,
        };
    }

    /// <summary>Starts a server.</summary>
    /// <param name="targets">What it scrapes.</param>
    /// <param name="rules">Rule files by name: what each contains.</param>
    public static async Task<PrometheusServer> StartAsync(
        IReadOnlyList<ScrapeTarget> targets, IReadOnlyDictionary<string, string>? rules = null)
    {
        var server = new PrometheusServer(await PrometheusPeers.StartAsync(targets));
        try
        {
            await server.StartAsync(Configuration(targets, server._peers.Authority), rules ?? new Dictionary<string, string>());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when every target has been scraped that often from now on, and what they gave can be queried.</summary>
    public Task WhenScrapedAsync(int times) => _peers.WhenScrapedAsync(times).WaitAsync(Patience);

    /// <summary>Completes when an alert of that name fires.</summary>
    public Task WhenFiringAsync(string alert) => _peers.WhenFiringAsync(alert).WaitAsync(Patience);

    /// <summary>Answers a query, as of now.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refused the query; the message says why.</exception>
    public async Task<IReadOnlyList<PrometheusSample>> QueryAsync(string query)
    {
        using var form = new FormUrlEncodedContent([new("query", query)]);
        using var response = await _http.PostAsync("api/v1/query", form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (answer.GetProperty("status").GetString() != "success")
        {
            throw new InvalidOperationException($"{answer.GetProperty("error").GetString()}\n{query}");
        }

        var data = answer.GetProperty("data");
        return data.GetProperty("resultType").GetString() == "vector"
            ? [.. data.GetProperty("result").EnumerateArray().Select(PrometheusSample.Of)]
            : [new PrometheusSample(new Dictionary<string, string>(), PrometheusSample.ValueOf(data.GetProperty("result")))];
    }

    public async ValueTask DisposeAsync()
    {
        // Killed rather than asked: nothing of it is kept.
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        await _peers.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static string Configuration(IReadOnlyList<ScrapeTarget> targets, string peers) =>
        $$"""
        global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
        rule_files: [ "rules/*.yml" ]
        alerting: { alertmanagers: [ { static_configs: [ { targets: [ "{{peers}}" ] } ] } ] }
        scrape_configs:
        {{string.Join('\n', targets.Index().Select(target =>
            $$"""
              - job_name: "target-{{target.Index}}"
                metrics_path: "/scrape/{{target.Index}}"
                static_configs: [ { targets: [ "{{peers}}" ], labels: { job: "{{target.Item.Job}}", instance: "{{target.Item.Metrics.Authority}}" } } ]
            """))}}
        """;

    private string InDirectory(string name) => Path.Combine(_directory.FullName, name);

    private async Task StartAsync(string configuration, IReadOnlyDictionary<string, string> rules)
    {
        await File.WriteAllTextAsync(InDirectory("prometheus.yml"), configuration);
        _directory.CreateSubdirectory("rules");
        foreach (var (name, text) in rules)
        {
            await File.WriteAllTextAsync(InDirectory(Path.Combine("rules", name)), text);
        }

        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"Prometheus exited:\n{_log}"));
        _process.Start();
        _process.BeginErrorReadLine();
        await _ready.Task.WaitAsync(Patience);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.AppendLine(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _http.BaseAddress = new Uri($"http://{line[(at + Listening.Length)..]}");
        }

        if (line.Contains(Ready, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}

/// <summary>A sample of an answer.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">Its value.</param>
public sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    internal static PrometheusSample Of(JsonElement result) => new(
        result.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
        ValueOf(result.GetProperty("value")));

    internal static double ValueOf(JsonElement timeAndValue) => timeAndValue[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, CultureInfo.InvariantCulture),
    };
}
