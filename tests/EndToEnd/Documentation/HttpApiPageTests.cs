using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.EndToEnd.Tests.Documentation;

/// <summary>docs/http-api.md is held to what a real host answers to a real curl.</summary>
public sealed partial class HttpApiPageTests : IAsyncLifetime
{
    private const string PageAddress = "localhost:5080";
    private const string Project = "samples/SdkTour/Host";

    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "http-api.md"));
    private static readonly IReadOnlyList<ConsoleExample> Examples = ConsoleExamples.Read(Page);

    private readonly TemporaryDirectory _directory = new();
    private HostProcess _host = null!;
    private string _address = "";

    public async Task InitializeAsync()
    {
        _host = HostProcess.Start("SdkTour.Host.dll", "--database", _directory["shop.db"], "--urls", "http://127.0.0.1:0");
        _address = $"localhost:{(await _host.ReadyAsync()).Port}";
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [CurlFact]
    public async Task Every_example_prints_what_the_page_says()
    {
        Directory.CreateDirectory(_directory["work"]);
        using var shell = new ShellSession(_directory["work"], new Dictionary<string, string>(), "");
        var faults = new List<string>();
        foreach (var example in Examples)
        {
            var (output, _) = await shell.RunAsync(example.Command.Replace(PageAddress, _address, StringComparison.Ordinal));
            if (!ExpectedOutput.Matches(example.Output, output))
            {
                faults.Add($"Line {example.Line}: $ {example.Command}\n{output.TrimEnd()}\nThe page says:\n{string.Join('\n', example.Output)}\n");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Every_endpoint_has_an_example()
    {
        using var http = new HttpClient();
        var paths = JsonNode.Parse(await http.GetStringAsync($"http://{_address}/openapi/v1.json"))!["paths"]!.AsObject();
        var called = Examples.Select(example => (
            Method: MethodOf(example.Command),
            Path: CalledPath().Match(example.Command).Groups[1].Value)).ToHashSet();

        Assert.True(paths.Count > 20, $"The API has {paths.Count} paths.");
        foreach (var (path, operations) in paths)
        {
            var pattern = $"^{PathParameter().Replace(path, "[^/]+")}$";
            Assert.All(operations!.AsObject(), operation => Assert.True(
                called.Any(call => call.Method == operation.Key && Regex.IsMatch(call.Path, pattern)),
                $"{operation.Key} {path} has no example."));
        }
    }

    [Fact]
    public void The_host_that_the_page_starts_is_the_one_that_answers_here() =>
        Assert.Contains($"dotnet run -c Release --project {Project} -- --urls http://{PageAddress}\n", Page, StringComparison.Ordinal);

    private static string MethodOf(string command) =>
        GivenMethod().Match(command) is { Success: true } given ? given.Groups[1].Value.ToLowerInvariant()
        : SendsBody().IsMatch(command) ? "post"
        : "get";

    [GeneratedRegex(@"localhost:5080(/[^?' ]*)")]
    private static partial Regex CalledPath();

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("-X ([A-Z]+)")]
    private static partial Regex GivenMethod();

    [GeneratedRegex("--json|--data")]
    private static partial Regex SendsBody();
}
