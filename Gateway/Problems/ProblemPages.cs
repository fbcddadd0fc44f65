using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orleans.Pipeline.Gateway.Metrics;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Answers every error under <c>/v1</c> with problem details: the exceptions of endpoints, and the bare statuses of routing and of the
/// server. It runs before all other middleware, so that it also sees requests that reach no endpoint.
/// </summary>
internal sealed class ProblemPages : IStartupFilter
{
    private static readonly PathString ApiPath = "/v1";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(ApiPath, StringComparison.OrdinalIgnoreCase), api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = AnswerExceptionAsync,
                AllowStatusCode404Response = true,
                SuppressDiagnosticsCallback = failure => ProblemCatalog.IsOfClient(failure.Exception),
            });
            api.UseStatusCodePages(page => WriteAsync(
                page.HttpContext, ProblemCatalog.Of(page.HttpContext.Response.StatusCode, page.HttpContext.Request)));
        });
        next(app);
    };

    private static async Task AnswerExceptionAsync(HttpContext context)
    {
        var error = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        await WriteAsync(context, ProblemCatalog.Of(error));
        if ((error.InnerException ?? error) is HostStoppingException or StalledUploadException)
        {
            await UnreadBody.DropAsync(context);
        }
    }

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        ProblemTelemetry.Note(problem);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = MediaTypes.Problem;
        if (problem.RetryAfterMs is { } milliseconds)
        {
            response.Headers.RetryAfter = Math.Max(1, (milliseconds + 999) / 1000).ToString();
            response.Headers["retry-after-ms"] = milliseconds.ToString();
        }

        return JsonSerializer.SerializeAsync(response.Body, problem, WireJson.Readable.Problem, context.RequestAborted);
    }
}
