using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// Sends one body of a gigabyte of JSON lines to a second process with a heap of at most 256 MiB. Succeeds if that process reports every
/// line as durable. Costs are the second process's.
/// </summary>
internal sealed class Upload(BenchFolder folder)
{
    /// <summary>The argument that makes this program the second process.</summary>
    public const string HostArgument = "take-uploads-into";

    private const long BodyBytes = 1_000_000_000;
    private const long HeapBytes = 256 << 20;
    private const string Topic = "uploads";

    public async Task<Sample> RunAsync(int lineBytes, int partitions)
    {
        folder.Clear();
        var lines = BodyBytes / lineBytes;
        using var host = SecondProcess.Start([HostArgument, folder.NewFile()], ("DOTNET_GCHeapHardLimit", $"0x{HeapBytes:x}"));
        var address = await host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The second process ended before it was ready.");
        await using var client = new PipelineClient(address);
        await client.Topics.CreateTopicAsync(Topic, new TopicSettings { Partitions = partitions });
        using var http = new HttpClient { BaseAddress = new Uri(address), Timeout = Timeout.InfiniteTimeSpan };

        var start = Stopwatch.GetTimestamp();
        using var response = await http.PostAsync($"/v1/topics/{Topic}/records?key=key", new Lines(lines, lineBytes));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var answer = await response.Content.ReadAsStringAsync();
        var bounds = await client.Topics.GetTopicBoundsAsync(Topic);
        if (!response.IsSuccessStatusCode || bounds.Sum(partition => partition.End) != lines)
        {
            throw new InvalidOperationException($"Of {lines} lines {bounds.Sum(partition => partition.End)} are in the log. The answer was {(int)response.StatusCode}: {answer}");
        }

        await host.StandardInput.WriteLineAsync();
        var costs = (await host.StandardOutput.ReadLineAsync())!.Split(' ');
        await host.WaitForExitAsync();
        return new Sample(
            $"upload of {BodyBytes / 1_000_000} MB, heap of {HeapBytes >> 20} MiB",
            lines,
            bounds.Sum(partition => partition.Bytes),
            seconds,
            double.Parse(costs[0], CultureInfo.InvariantCulture),
            long.Parse(costs[1], CultureInfo.InvariantCulture),
            long.Parse(costs[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Runs the second process: serves, prints its address, waits for the stop, prints its costs.</summary>
    public static async Task HostAsync(string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = database });
        builder.Services.AddSingleton<ITopicStore>(store);
        builder.Services.AddPipelineGateway();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPipelineGateway();
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        Console.ReadLine();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{process.TotalProcessorTime.TotalSeconds} {GC.GetTotalAllocatedBytes()} {process.PeakWorkingSet64}"));
    }

    /// <summary>The body: lines of one size, with a thousand keys. Lines are made while they are sent.</summary>
    private sealed class Lines : HttpContent
    {
        private const int Keys = 1000;
        private const int PieceLines = 1000;

        private readonly long _count;
        private readonly int _bytes;

        public Lines(long count, int bytes)
        {
            (_count, _bytes) = (count, bytes);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, PieceLines).Select(Line)));
            for (var sent = 0L; sent < _count; sent += PieceLines)
            {
                await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(_count - sent, PieceLines) * _bytes));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _count * _bytes;
            return true;
        }

        private string Line(int number)
        {
            var start = $$"""{"key":"{{number % Keys:000}}","value":""" + "\"";
            return start + new string('x', _bytes - start.Length - 3) + "\"}\n";
        }
    }
}
