using Radzen;

namespace Orleans.Pipeline.Dashboard.Dialogs;

/// <summary>Asks the user to confirm, and reports the result. One for each browser.</summary>
internal sealed class Confirmations(DialogService dialogs, NotificationService notifications)
{
    private const double ShortMs = 4000;
    private const double LongMs = 12000;

    /// <summary>Asks the user to confirm an action.</summary>
    /// <param name="question">The question.</param>
    /// <param name="consequence">The consequence of the action.</param>
    /// <param name="action">The text of the button that confirms.</param>
    /// <param name="isDanger">Whether the action cannot be undone.</param>
    public async Task<bool> ConfirmAsync(string question, string consequence, string action, bool isDanger = false) =>
        await OpenAsync<ConfirmDialog, object>(question, new()
        {
            [nameof(ConfirmDialog.Consequence)] = consequence,
            [nameof(ConfirmDialog.Action)] = action,
            [nameof(ConfirmDialog.IsDanger)] = isDanger,
        }) is true;

    /// <summary>Opens a dialog.</summary>
    /// <returns>The answer; null if the dialog was closed without one.</returns>
    public async Task<TAnswer?> OpenAsync<TDialog, TAnswer>(string title, Dictionary<string, object?> parameters)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase
        where TAnswer : class =>
        await dialogs.OpenAsync<TDialog>(title, parameters,
            new DialogOptions { Width = "min(480px, calc(100vw - 32px))", CloseDialogOnEsc = true, ShowClose = true }) as TAnswer;

    /// <summary>Runs an action and reports that it is done, or why it failed.</summary>
    public Task GuardAsync(string done, Func<ValueTask> work) => GuardAsync(async () =>
    {
        await work();
        return done;
    });

    public async Task GuardAsync(Func<Task<string>> work)
    {
        try
        {
            Tell(await work());
        }
        catch (PipelineException failure)
        {
            notifications.Notify(NotificationSeverity.Error, "That did not work", failure.Message, LongMs);
        }
    }

    public void Tell(string what) => notifications.Notify(NotificationSeverity.Success, what, duration: ShortMs);
}
